using System.Collections.Immutable;

namespace Platform.Core.Models;

/// <summary>A model in a list, and what its versions in lists take from it.</summary>
/// <param name="Revision">Grows with every change of the model, so that a late older summary is known as such.</param>
public sealed record ModelSummary(
    string Name, ModelMetadata Metadata, string? Production, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long Revision = 0)
{
    /// <summary>As given, in the order of registration. A version that is not among them is not there for anyone.</summary>
    public ImmutableArray<string> Versions { get; init; } = [];

    /// <summary>Tag to version, production among them.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>SHA-256 of its datasets' files, which the store must keep.</summary>
    public ImmutableArray<string> DatasetFiles { get; init; } = [];
}
