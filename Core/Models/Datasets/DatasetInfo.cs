using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Platform.Core.Models.Datasets;

/// <summary>How the rows of a dataset are written.</summary>
public enum DatasetFormat
{
    /// <summary>One JSON object a line; see <see cref="DatasetRow"/>.</summary>
    Jsonl,

    /// <summary>MNIST's: a file of images (unsigned bytes) and a file of labels.</summary>
    Idx,
}

/// <summary>A labelled dataset that versions of a model are validated on.</summary>
/// <param name="Content">The lines, or the images, in the artifact store.</param>
/// <param name="Labels">The labels of an idx dataset, a file of their own.</param>
/// <param name="Rows">Lines, or images.</param>
public sealed record DatasetInfo(
    string Name, DatasetFormat Format, ArtifactInfo Content, ArtifactInfo? Labels, long Rows, string By, DateTimeOffset At)
{
    [JsonIgnore]
    public ImmutableArray<ArtifactInfo> Files => Labels is { } labels ? [Content, labels] : [Content];

    /// <summary>Bytes of all its files, before encryption.</summary>
    public long SizeBytes => Files.Sum(file => file.SizeBytes);
}
