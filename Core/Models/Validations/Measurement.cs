using System.Collections.Immutable;
using Platform.Core.Drift;
using Platform.Core.Protection;
using Platform.Core.Models.Datasets;
using Platform.Core.Serving;

namespace Platform.Core.Models.Validations;

/// <summary>A version as a worker needs it to measure it.</summary>
/// <param name="MaxBatchSize">Largest batch that it must be able to run.</param>
/// <param name="Reading">How its answers are held against labels where they are single numbers.</param>
public sealed record MeasuredVersion(
    string Version, ArtifactInfo Artifact, ModelSignature Signature, Device Device = Device.Auto, int MaxBatchSize = MeasuredVersion.DefaultMaxBatchSize,
    ScoreReading? Reading = null)
{
    /// <summary>What batches are expected of a version that nothing more is known of.</summary>
    public const int DefaultMaxBatchSize = 32;
}

/// <summary>What a worker is asked to measure.</summary>
public sealed record MeasurementRequest(string Model, MeasuredVersion Version, DatasetInfo? Dataset);

public enum CheckVerdict
{
    Pass,
    Fail,

    /// <summary>It does not apply to this version, or what it rests on failed.</summary>
    Skipped,
}

/// <summary>One thing that was tried.</summary>
/// <param name="Name">load, zeros_batch_1, random_batch_32, dataset, latency …</param>
/// <param name="Detail">What came of it, with the runtime's own words where it failed.</param>
public sealed record ValidationCheck(string Name, CheckVerdict Verdict, string Detail, double? DurationMs = null);

/// <summary>What a worker found of a version.</summary>
/// <param name="Figures">By the names of the gates' metrics; what could not be measured is absent.</param>
/// <param name="Rows">Labelled items that were run.</param>
/// <param name="Baseline">How the dataset's items and the answers to them are distributed.</param>
/// <param name="Profile">What the dataset's items look like to the input checks; null where there are too few.</param>
public sealed record Measurement(
    ImmutableArray<ValidationCheck> Checks, ImmutableSortedDictionary<string, double> Figures, long Rows, DriftBaseline? Baseline = null,
    ReferenceProfile? Profile = null);
