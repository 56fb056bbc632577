using System.Collections.Immutable;
using Platform.Api.Conventions;
using Platform.Contracts.Models;
using Platform.Core.Models;

namespace Platform.Api.Models;

/// <param name="Name">1 to 64 lower-case letters, digits, '.', '_' or '-'.</param>
/// <param name="Task">What it does: "image-classification", "ocr" …</param>
/// <param name="Policy">What a version needs before it may be deployed; nothing, unless it says so.</param>
public sealed record CreateModelRequest(
    string? Name,
    string? Description,
    string? Owner,
    string? Task,
    ImmutableSortedDictionary<string, string>? Labels,
    LifecyclePolicy? Policy)
{
    internal ModelMetadata ToMetadata() =>
        new(Description ?? "", Owner ?? "", Task ?? "", Labels ?? ImmutableSortedDictionary<string, string>.Empty);
}

/// <summary>What is left out stays as it is; <c>labels</c>, if given, replaces all labels.</summary>
public sealed record UpdateModelRequest(
    string? Description, string? Owner, string? Task, ImmutableSortedDictionary<string, string>? Labels, LifecyclePolicy? Policy);

public sealed record ModelResponse(
    string Name,
    string Description,
    string Owner,
    string Task,
    ImmutableSortedDictionary<string, string> Labels,
    LifecyclePolicy Policy,
    ImmutableArray<string> Versions,
    ImmutableSortedDictionary<string, string> Tags,
    ImmutableArray<string> Deployed,
    string? Production,
    string CreatedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    string Etag)
{
    internal static ModelResponse From(ModelView model) => new(
        model.Name, model.Metadata.Description, model.Metadata.Owner, model.Metadata.Task, model.Metadata.Labels, model.Policy, model.Versions,
        model.Tags, model.Deployed, model.Production, model.CreatedBy, model.CreatedAt, model.UpdatedAt, Etags.Format(model.Revision));
}

/// <summary>A model in a list.</summary>
public sealed record ModelListItem(
    string Name,
    string Description,
    string Owner,
    string Task,
    ImmutableSortedDictionary<string, string> Labels,
    int VersionCount,
    string? Production,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    internal static ModelListItem From(ModelSummary model) => new(
        model.Name, model.Metadata.Description, model.Metadata.Owner, model.Metadata.Task, model.Metadata.Labels,
        model.Versions.Length, model.Production, model.CreatedAt, model.UpdatedAt);
}
