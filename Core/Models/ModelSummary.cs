namespace Platform.Core.Models;

/// <summary>A model in a list.</summary>
public sealed record ModelSummary(
    string Name, ModelMetadata Metadata, int VersionCount, string? Production, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);
