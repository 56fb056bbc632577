using System.Buffers;
using System.Collections.Immutable;

namespace Platform.Core.Models.Search;

/// <summary>A query made ready to be held against many items.</summary>
internal sealed class SearchMatcher(SearchQuery query)
{
    private readonly VersionSelector? selector = query.Version is null ? null : VersionSelector.Parse(query.Version).Value;
    private readonly SearchValues<string>[] words =
        [.. query.Words.Select(word => SearchValues.Create([word], StringComparison.OrdinalIgnoreCase))];

    public bool Matches(IndexedVersion version)
    {
        var summary = version.Summary;
        return HasOwner(summary.Owner) && HasLabels(summary.Labels) && MatchesOwn(version) && HasWords(summary);
    }

    /// <summary>Text, owner and labels are the model's; stage, tag, version and metrics are those of one of its versions.</summary>
    public bool Matches(IndexedModel model)
    {
        var metadata = model.Summary.Metadata;
        return HasOwner(metadata.Owner) && HasLabels(metadata.Labels) && HasWords(model.Summary)
            && (!AsksForVersions || model.Versions.Any(MatchesOwn));
    }

    private bool AsksForVersions => query.Stage is not null || query.Tag is not null || selector is not null || !query.Metrics.IsEmpty;

    private bool MatchesOwn(IndexedVersion version)
    {
        var summary = version.Summary;
        if (query.Stage is { } stage && summary.Stage != stage) return false;
        if (query.Tag is { } tag && !summary.Tags.Contains(tag)) return false;
        if (selector is not null && !selector.Matches(version.Number, summary.Tags)) return false;
        foreach (var condition in query.Metrics)
        {
            if (!condition.Holds(summary)) return false;
        }

        return true;
    }

    private bool HasOwner(string owner) => query.Owner is null || string.Equals(owner, query.Owner, StringComparison.OrdinalIgnoreCase);

    private bool HasLabels(ImmutableSortedDictionary<string, string> labels)
    {
        foreach (var label in query.Labels)
        {
            if (!labels.TryGetValue(label.Key, out var value) || (label.Value is not null && label.Value != value)) return false;
        }

        return true;
    }

    private bool HasWords(VersionSummary version)
    {
        foreach (var word in words)
        {
            var found = Has(version.Model, word) || Has(version.Version, word) || Has(version.Description, word) || Has(version.Owner, word)
                || Has(version.Framework, word) || Has(version.Dataset, word) || Has(version.Commit, word) || Has(version.DerivedBy, word);
            if (!found) return false;
        }

        return true;
    }

    private bool HasWords(ModelSummary model)
    {
        foreach (var word in words)
        {
            var metadata = model.Metadata;
            var found = Has(model.Name, word) || Has(metadata.Description, word) || Has(metadata.Owner, word) || Has(metadata.Task, word);
            if (!found) return false;
        }

        return true;
    }

    private static bool Has(string? text, SearchValues<string> word) => text.AsSpan().ContainsAny(word);
}
