namespace Platform.Core.Models.Search;

/// <summary>By what a list is ordered.</summary>
public enum SearchKey
{
    Name,
    Version,
    Created,
    Updated,
    Metric,
}

/// <summary>The order of a list. Items that are equal in it follow by model name, then by version precedence.</summary>
/// <param name="Metric">Which metric, where the key is one; versions that do not declare it come last either way.</param>
public sealed record SearchOrder(SearchKey Key, string? Metric = null, bool Descending = false)
{
    public const string Rule = "Give created, updated, name, version or metric.<name>, with ' desc' behind it for the other way round.";

    public static readonly SearchOrder Default = new(SearchKey.Name);

    private const string DescendingSuffix = " desc";

    /// <summary>As <c>?order_by=</c> has it.</summary>
    public override string ToString() =>
        (Key is SearchKey.Metric ? MetricCondition.Prefix + Metric : Key.ToString().ToLowerInvariant())
        + (Descending ? DescendingSuffix : "");

    /// <summary>Null if the text is no order.</summary>
    public static SearchOrder? TryParse(string text)
    {
        var descending = text.EndsWith(DescendingSuffix, StringComparison.Ordinal);
        var key = descending ? text[..^DescendingSuffix.Length] : text;
        if (key.StartsWith(MetricCondition.Prefix, StringComparison.Ordinal))
            return MetadataRules.IsMetric(key.AsSpan(MetricCondition.Prefix.Length)) ? new(SearchKey.Metric, key[MetricCondition.Prefix.Length..], descending) : null;
        return key switch
        {
            "name" => new(SearchKey.Name, Descending: descending),
            "version" => new(SearchKey.Version, Descending: descending),
            "created" => new(SearchKey.Created, Descending: descending),
            "updated" => new(SearchKey.Updated, Descending: descending),
            _ => null,
        };
    }
}
