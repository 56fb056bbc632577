using System.Globalization;
using System.Runtime.CompilerServices;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Text with values in it, known both as what it will be at run time and as what the manifest says for it.</summary>
public class ReferenceExpression : IManifestExpressionProvider, IValueProvider, IValueWithReferences
{
    public static readonly ReferenceExpression Empty = new("", [], []);

    private readonly string?[] formats;

    internal ReferenceExpression(string format, IReadOnlyList<IValueProvider> providers, string?[] formats)
    {
        Format = format;
        ValueProviders = providers;
        this.formats = formats;
    }

    public string Format { get; }

    public IReadOnlyList<IValueProvider> ValueProviders { get; }

    public IReadOnlyList<string?> StringFormats => formats;

    public virtual string ValueExpression => Fill([.. ValueProviders.Select(p => ((IManifestExpressionProvider)p).ValueExpression)]);

    public virtual IEnumerable<object> References => ValueProviders;

    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => handler.Build();

    public static ReferenceExpression CreateConditional(
        IValueProvider condition, string matchValue, ReferenceExpression whenTrue, ReferenceExpression whenFalse) =>
        new ConditionalExpression(condition, matchValue, whenTrue, whenFalse);

    public virtual async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        if (Format.Length == 0) return null;
        var values = new string?[ValueProviders.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var value = await ValueProviders[i].GetValueAsync(cancellationToken);
            values[i] = formats[i] is "uri" && value is not null ? Uri.EscapeDataString(value) : value;
        }

        return Fill(values);
    }

    internal string Fill(string?[] values) => string.Format(CultureInfo.InvariantCulture, Format, values);

    [InterpolatedStringHandler]
    public readonly ref struct ExpressionInterpolatedStringHandler
    {
        private readonly ReferenceExpressionBuilder builder = new();

        public ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
        {
            _ = literalLength + formattedCount;
        }

        public void AppendLiteral(string value) => builder.AppendLiteral(value);

        public void AppendFormatted(string? value) => builder.AppendLiteral(value ?? "");

        public void AppendFormatted<T>(T valueProvider, string? format = null)
            where T : IValueProvider, IManifestExpressionProvider => builder.AppendValue(valueProvider, format);

        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider, string? format = null)
            where T : IResource, IValueProvider, IManifestExpressionProvider => builder.AppendValue(valueProvider.Resource, format);

        internal ReferenceExpression Build() => builder.Build();
    }
}
