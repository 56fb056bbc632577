using System.Globalization;
using System.Text;

namespace Aspire.Hosting.ApplicationModel;

internal sealed class ReferenceExpressionBuilder
{
    private readonly StringBuilder format = new();
    private readonly List<IValueProvider> providers = [];
    private readonly List<string?> formats = [];

    public bool IsEmpty => format.Length == 0;

    /// <summary>Braces in the text are text: the expression itself is a format string.</summary>
    public void AppendLiteral(string value) =>
        format.Append(value.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));

    public void AppendValue(IValueProvider provider, string? valueFormat = null)
    {
        format.Append(CultureInfo.InvariantCulture, $"{{{providers.Count}}}");
        providers.Add(provider);
        formats.Add(valueFormat);
    }

    public ReferenceExpression Build() => new(format.ToString(), [.. providers], [.. formats]);
}
