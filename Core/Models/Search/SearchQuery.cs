using System.Collections.Immutable;

namespace Platform.Core.Models.Search;

/// <summary>A label that an item carries, with this value or, if that is null, with any.</summary>
public sealed record LabelCondition(string Key, string? Value);

/// <summary>Which models or versions to list, and in what order. All conditions hold together.</summary>
public sealed record SearchQuery
{
    /// <summary>Each is in one of the item's texts, whatever the case.</summary>
    public ImmutableArray<string> Words { get; init; } = [];

    public ImmutableArray<LabelCondition> Labels { get; init; } = [];

    /// <summary>The model's owner, whatever the case.</summary>
    public string? Owner { get; init; }

    public VersionStage? Stage { get; init; }

    public string? Tag { get; init; }

    /// <summary>The text of a <see cref="VersionSelector"/>.</summary>
    public string? Version { get; init; }

    public ImmutableArray<MetricCondition> Metrics { get; init; } = [];

    public SearchOrder Order { get; init; } = SearchOrder.Default;
}
