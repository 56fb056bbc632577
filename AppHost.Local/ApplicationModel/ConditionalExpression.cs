using System.IO.Hashing;
using System.Text;
using System.Text.RegularExpressions;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>One of two expressions, by a value known only at run time; the manifest writes it as a value of its own.</summary>
internal sealed partial class ConditionalExpression : ReferenceExpression
{
    private readonly IValueProvider condition;
    private readonly string matchValue;
    private readonly ReferenceExpression whenTrue;
    private readonly ReferenceExpression whenFalse;

    public ConditionalExpression(IValueProvider condition, string matchValue, ReferenceExpression whenTrue, ReferenceExpression whenFalse)
        : base("", [.. whenTrue.ValueProviders, .. whenFalse.ValueProviders], [])
    {
        this.condition = condition;
        this.matchValue = matchValue;
        this.whenTrue = whenTrue;
        this.whenFalse = whenFalse;
        var text = ((IManifestExpressionProvider)condition).ValueExpression;
        Name = $"cond-{NotInNames().Replace(text, "-").Trim('-').ToLowerInvariant()}-{Hash(text)}";
    }

    public string Name { get; }

    public override string ValueExpression => $"{{{Name}.connectionString}}";

    public override IEnumerable<object> References => [condition, .. whenTrue.References, .. whenFalse.References];

    public override async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        var value = await condition.GetValueAsync(cancellationToken);
        var branch = string.Equals(value, matchValue, StringComparison.OrdinalIgnoreCase) ? whenTrue : whenFalse;
        return await branch.GetValueAsync(cancellationToken);
    }

    private string Hash(string conditionText) => Convert.ToHexStringLower(
        XxHash32.Hash(Encoding.UTF8.GetBytes(conditionText + whenTrue.ValueExpression + whenFalse.ValueExpression + matchValue)));

    [GeneratedRegex("[^A-Za-z0-9]+")]
    private static partial Regex NotInNames();
}
