using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Platform.Core.Models;

/// <summary>What people say about a model. Limits: <see cref="MetadataRules"/>.</summary>
/// <param name="Task">What it does: "image-classification", "ocr" …</param>
/// <param name="Labels">Free key–value pairs for search.</param>
public sealed record ModelMetadata(string Description, string Owner, string Task, ImmutableSortedDictionary<string, string> Labels);

/// <summary>A change of some of a model's metadata; null leaves a field as it is.</summary>
public sealed record ModelPatch(
    string? Description, string? Owner, string? Task, ImmutableSortedDictionary<string, string>? Labels, LifecyclePolicy? Policy = null);

/// <summary>How a version was made.</summary>
/// <param name="Parameters">Texts; numbers and truths are taken as they are written, 0.001 as "0.001".</param>
public sealed record TrainingInfo(
    string? Framework,
    string? Dataset,
    string? Commit,
    [property: JsonConverter(typeof(ScalarTexts))] ImmutableSortedDictionary<string, string>? Parameters);

/// <summary>Something a version needs or was built with.</summary>
public sealed record Dependency(string Name, string Version);

/// <summary>What people say about a version.</summary>
/// <param name="Metrics">Declared by whoever registers it, not measured here.</param>
/// <param name="Parent">The version it was derived from, if any.</param>
/// <param name="DerivedBy">How it was derived from its parent: "fine-tuning", "int8 quantisation" …</param>
public sealed record VersionMetadata(
    string Description,
    TrainingInfo? Training,
    ImmutableSortedDictionary<string, double> Metrics,
    ImmutableArray<Dependency> Dependencies,
    ImmutableSortedDictionary<string, string> Labels,
    string? Parent,
    string? DerivedBy);
