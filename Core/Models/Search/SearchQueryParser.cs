using System.Collections.Immutable;
using Platform.Core.Results;

namespace Platform.Core.Models.Search;

/// <summary>What is listed.</summary>
public enum SearchTarget
{
    Models,
    Versions,
}

/// <summary>Reads a list's query string. What it does not know it refuses: a mistyped filter must not list everything.</summary>
public static class SearchQueryParser
{
    public const int MaxTextLength = 200;
    public const int MaxWords = 8;
    public const int MaxConditions = 16;

    private const string Fields = "query, label, owner, stage, tag, version, metric.<name>, order_by, page_size and page_token";

    /// <param name="parameters">
    /// Names and values as a web framework splits them at the first '=', so that <c>metric.accuracy>=0.97</c> is the
    /// name <c>metric.accuracy></c> with the value 0.97, and <c>metric.accuracy>0.97</c> a name without a value.
    /// </param>
    public static Outcome<SearchQuery> Parse(IEnumerable<KeyValuePair<string, string?>> parameters, SearchTarget target)
    {
        var query = new SearchQuery();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, value) in parameters)
        {
            if (name is "page_size" or "page_token") continue;
            var repeatable = name is "label" || IsMetric(name);
            if (!repeatable && !seen.Add(name)) return Refusal.Invalid(name, "Give it once.");
            if (!Add(query, name, value ?? "").Succeeded(out var next, out var refusal)) return refusal;
            query = next;
        }

        return Refuse(query, target) is { } refused ? refused : query;
    }

    private static Outcome<SearchQuery> Add(SearchQuery query, string name, string value)
    {
        if (IsMetric(name)) return AddMetric(query, name, value);
        if (value.Length > MaxTextLength) return Refusal.Invalid(name, $"At most {MaxTextLength} characters; this has {value.Length}.");
        switch (name)
        {
            case "query":
                return query with { Words = [.. value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)] };
            case "label":
                return value.Split(':', 2) is [{ Length: > 0 } key, .. var rest]
                    ? query with { Labels = query.Labels.Add(new(key, rest is [var wanted] ? wanted : null)) }
                    : Refusal.Invalid("label", "Give key:value, or a key alone for any value.");
            case "owner":
                return value.Length > 0 ? query with { Owner = value } : Refusal.Invalid("owner", "Give the model's owner.");
            case "stage":
                return VersionStages.TryParse(value, out var stage)
                    ? query with { Stage = stage }
                    : Refusal.Invalid("stage", $"Give one of {VersionStages.Names}.");
            case "tag":
                return Names.IsValid(value) ? query with { Tag = value } : Refusal.Invalid("tag", Names.Rule);
            case "version":
                return VersionSelector.Parse(value) is { Refusal: { } refusal } ? refusal : query with { Version = value };
            case "order_by":
                return SearchOrder.TryParse(value) is { } order
                    ? query with { Order = order }
                    : Refusal.Invalid("order_by", SearchOrder.Rule);
            default:
                return Refusal.Invalid(name, $"There is no such filter. Known are {Fields}.");
        }
    }

    private static Outcome<SearchQuery> AddMetric(SearchQuery query, string name, string value)
    {
        var text = value.Length > 0 ? $"{name}={value}" : name;
        return MetricCondition.TryParse(text) is { } condition
            ? query with { Metrics = query.Metrics.Add(condition) }
            : Refusal.Invalid(FieldOf(name), MetricCondition.Rule);
    }

    private static Refusal? Refuse(SearchQuery query, SearchTarget target)
    {
        if (query.Words.Length > MaxWords) return Refusal.Invalid("query", $"At most {MaxWords} words.");
        if (query.Labels.Length > MaxConditions) return Refusal.Invalid("label", $"At most {MaxConditions} labels.");
        if (query.Metrics.Length > MaxConditions) return Refusal.Invalid("metric", $"At most {MaxConditions} metric ranges.");
        return target is SearchTarget.Models && query.Order.Key is SearchKey.Version or SearchKey.Metric
            ? Refusal.Invalid("order_by", "Models are ordered by created, updated or name.")
            : null;
    }

    private static bool IsMetric(string name) => name.StartsWith(MetricCondition.Prefix, StringComparison.Ordinal);

    private static string FieldOf(string name) => name.AsSpan().IndexOfAny('<', '>') is > 0 and var at ? name[..at] : name;
}
