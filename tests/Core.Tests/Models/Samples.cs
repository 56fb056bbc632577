using System.Collections.Immutable;
using CsCheck;
using Platform.Core.Models;

namespace Platform.Core.Tests.Models;

/// <summary>Values that many tests need, each as plain as it can be.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Few numbers, so that equal ones and neighbours come up.</summary>
    public static readonly Gen<string> GenVersion = Gen.Select(
        Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 2], Gen.OneOf("", "-alpha", "-alpha.1", "-rc.2", "-rc.10"), Gen.OneOf("", "+b1", "+b2"),
        (major, minor, patch, pre, build) => $"{major}.{minor}.{patch}{pre}{build}");

    public static readonly VersionMetadata Metadata = new(
        "", Training: null, Metrics(), Dependencies: [], Labels(), Parent: null, DerivedBy: null);

    public static readonly ModelMetadata ModelMetadata = new("", "", "", Labels());

    public static ImmutableSortedDictionary<string, double> Metrics(params (string Name, double Value)[] metrics) =>
        metrics.ToImmutableSortedDictionary(metric => metric.Name, metric => metric.Value);

    public static ImmutableSortedDictionary<string, string> Labels(params (string Key, string Value)[] labels) =>
        labels.ToImmutableSortedDictionary(label => label.Key, label => label.Value);

    public static VersionSummary Summary(string version, string model = "digits", int createdMinute = 0) => new(
        model, version, VersionStage.Created, Tags: [], Labels(), Owner: "", Description: "", Framework: null, Dataset: null, Commit: null,
        Metrics(), Parent: null, DerivedBy: null, SizeBytes: null, Sha256: null, CreatedBy: "ann", Start.AddMinutes(createdMinute),
        Start.AddMinutes(createdMinute));

    public static TensorSignature Tensor(string name, string datatype, params long[] shape) =>
        new(name, datatype, [.. shape], [.. shape.Select(_ => (string?)null)]);

    public static ModelSignature Signature(TensorSignature[] inputs, TensorSignature[] outputs) => new(
        [.. inputs], [.. outputs], "test", ImmutableDictionary<string, long>.Empty, ImmutableDictionary<string, string>.Empty);
}
