using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Platform.Api.Conventions;

/// <summary>One page of a list.</summary>
/// <param name="NextPageToken">Ask with it for the next page; null on the last.</param>
public sealed record ListResponse<T>(
    ImmutableArray<T> Items, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextPageToken);
