using System.Collections.Immutable;

namespace Platform.Core.Models.Comparison;

/// <summary>A version's metadata as single fields: <c>training.parameters.epochs</c>, <c>labels.team</c> …</summary>
internal static class MetadataFields
{
    /// <summary>The fields in which not all agree, by name.</summary>
    public static ImmutableArray<FieldComparison> Differences(ImmutableArray<VersionMetadata> versions)
    {
        var fields = versions.Select(Flatten).ToArray();
        return
        [
            .. fields.SelectMany(own => own.Keys)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Select(field => new FieldComparison(field, [.. fields.Select(own => own.GetValueOrDefault(field))]))
                .Where(field => field.Values.Distinct(StringComparer.Ordinal).Count() > 1),
        ];
    }

    private static Dictionary<string, string> Flatten(VersionMetadata metadata)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(fields, "description", metadata.Description);
        Add(fields, "training.framework", metadata.Training?.Framework);
        Add(fields, "training.dataset", metadata.Training?.Dataset);
        Add(fields, "training.commit", metadata.Training?.Commit);
        Add(fields, "parent", metadata.Parent);
        Add(fields, "derived_by", metadata.DerivedBy);
        foreach (var (key, value) in metadata.Training?.Parameters ?? ImmutableSortedDictionary<string, string>.Empty)
            Add(fields, $"training.parameters.{key}", value);
        foreach (var (key, value) in metadata.Labels) Add(fields, $"labels.{key}", value);
        // One name may be there twice: two builds of one library.
        foreach (var builds in metadata.Dependencies.GroupBy(dependency => dependency.Name, dependency => dependency.Version, StringComparer.Ordinal))
            Add(fields, $"dependencies.{builds.Key}", string.Join(", ", builds.Order(StringComparer.Ordinal)));
        return fields;
    }

    private static void Add(Dictionary<string, string> fields, string field, string? value)
    {
        if (!string.IsNullOrEmpty(value)) fields.Add(field, value);
    }
}
