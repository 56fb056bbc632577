using System.Collections.Immutable;

namespace Platform.Core.Results;

/// <summary>One page of a list.</summary>
/// <param name="NextPageToken">What to ask for to get the next page; null on the last one.</param>
public sealed record Page<T>(ImmutableArray<T> Items, string? NextPageToken);
