using System.Buffers;
using System.Collections.Immutable;
using Platform.Core.Results;

namespace Platform.Core.Models;

/// <summary>Limits on what people may write about models and versions, so that no list or grain grows without bound.</summary>
public static class MetadataRules
{
    public const int MaxTextLength = 4_000;
    public const int MaxShortLength = 200;
    public const int MaxEntries = 64;
    public const int MaxKeyLength = 63;
    public const int MaxValueLength = 256;

    private static readonly SearchValues<char> NotInMetrics = SearchValues.Create(" \t\r\n<>=!");

    public static Refusal? Refuse(ModelMetadata metadata) =>
        Text("description", metadata.Description, MaxTextLength)
        ?? Text("owner", metadata.Owner, MaxShortLength)
        ?? Text("task", metadata.Task, MaxShortLength)
        ?? Pairs("labels", metadata.Labels);

    public static Refusal? Refuse(VersionMetadata metadata) =>
        Text("description", metadata.Description, MaxTextLength)
        ?? Text("training.framework", metadata.Training?.Framework, MaxShortLength)
        ?? Text("training.dataset", metadata.Training?.Dataset, MaxValueLength)
        ?? Text("training.commit", metadata.Training?.Commit, MaxShortLength)
        ?? Pairs("training.parameters", metadata.Training?.Parameters)
        ?? Pairs("labels", metadata.Labels)
        ?? Count("metrics", metadata.Metrics.Count)
        ?? Keys("metrics", metadata.Metrics.Keys)
        ?? MetricNames(metadata.Metrics.Keys)
        ?? Finite(metadata.Metrics)
        ?? Count("dependencies", metadata.Dependencies.Length)
        ?? Dependencies(metadata)
        ?? Text("derived_by", metadata.DerivedBy, MaxShortLength)
        ?? Parent(metadata.Parent);

    /// <summary>Whether a search can name it: <c>metric.accuracy!=1</c> asks for no metric <c>accuracy!</c>, nor <c>accuracy up</c> for an order.</summary>
    public static bool IsMetric(ReadOnlySpan<char> name) => name.Length is > 0 and <= MaxKeyLength && !name.ContainsAny(NotInMetrics);

    private static Refusal? MetricNames(IEnumerable<string> names) =>
        names.FirstOrDefault(name => !IsMetric(name)) is { } name
            ? Refusal.Invalid($"metrics.{name}", "A metric's name has no spaces and none of < > = !, so that a search can name it.")
            : null;

    private static Refusal? Text(string field, string? value, int limit) =>
        value is null || value.Length <= limit ? null : Refusal.Invalid(field, $"At most {limit} characters; this has {value.Length}.");

    private static Refusal? Count(string field, int count) =>
        count <= MaxEntries ? null : Refusal.Invalid(field, $"At most {MaxEntries} entries; this has {count}.");

    private static Refusal? Pairs(string field, ImmutableSortedDictionary<string, string>? pairs)
    {
        if (pairs is null) return null;
        if ((Count(field, pairs.Count) ?? Keys(field, pairs.Keys)) is { } refusal) return refusal;
        foreach (var (key, value) in pairs)
        {
            if (value is null) return Refusal.Invalid($"{field}.{key}", "Give a text, or leave the key out.");
            if (value.Length > MaxValueLength)
                return Refusal.Invalid($"{field}.{key}", $"At most {MaxValueLength} characters; this has {value.Length}.");
        }

        return null;
    }

    private static Refusal? Keys(string field, IEnumerable<string> keys) =>
        keys.FirstOrDefault(key => key.Length is 0 or > MaxKeyLength) is { } key
            ? Refusal.Invalid(field, $"Keys have 1 to {MaxKeyLength} characters; '{key}' has {key.Length}.")
            : null;

    // JSON's 1e999 reads as infinity, which JSON cannot write again: the version could never be stored.
    private static Refusal? Finite(ImmutableSortedDictionary<string, double> metrics)
    {
        foreach (var (key, value) in metrics)
        {
            if (!double.IsFinite(value)) return Refusal.Invalid($"metrics.{key}", "Give a finite number.");
        }

        return null;
    }

    private static Refusal? Dependencies(VersionMetadata metadata)
    {
        for (var i = 0; i < metadata.Dependencies.Length; i++)
        {
            var dependency = metadata.Dependencies[i];
            if (string.IsNullOrWhiteSpace(dependency?.Name) || dependency.Name.Length > MaxShortLength)
                return Refusal.Invalid($"dependencies[{i}].name", $"Give a name of 1 to {MaxShortLength} characters.");
            if (string.IsNullOrWhiteSpace(dependency.Version) || dependency.Version.Length > MaxShortLength)
                return Refusal.Invalid($"dependencies[{i}].version", $"Give a version of 1 to {MaxShortLength} characters.");
        }

        return null;
    }

    private static Refusal? Parent(string? parent) =>
        parent is null || VersionNumber.TryParse(parent, out _) ? null : Refusal.Invalid("parent", VersionNumber.Rule);
}
