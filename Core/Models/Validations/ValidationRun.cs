using System.Collections.Immutable;
using Platform.Core.Models.Datasets;
using Platform.Core.Models.Gates;

namespace Platform.Core.Models.Validations;

/// <summary>How a validation run stands.</summary>
public enum ValidationState
{
    Running,

    /// <summary>Every check and every gate passed.</summary>
    Passed,

    /// <summary>A check or a gate did not pass.</summary>
    Failed,

    /// <summary>It could not be carried through, which says nothing of the version.</summary>
    Error,
}

/// <summary>One validation of a version. What it is held against was fixed when it began.</summary>
/// <param name="Production">The version in production when it began, unless that is the version itself.</param>
/// <param name="Attempts">How often a worker was asked to carry it out.</param>
/// <param name="Worker">Id of the worker that was asked last.</param>
/// <param name="Reason">Why it failed or could not be carried through.</param>
public sealed record ValidationRun(
    string Id,
    string Model,
    MeasuredVersion Version,
    MeasuredVersion? Production,
    DatasetInfo? Dataset,
    ImmutableArray<Gate> Gates,
    string By,
    DateTimeOffset StartedAt,
    ValidationState State = ValidationState.Running,
    DateTimeOffset? EndedAt = null,
    int Attempts = 0,
    string? Worker = null,
    ValidationReport? Report = null,
    string? Reason = null);

/// <summary>All that a run found.</summary>
/// <param name="Figures">By the names of <see cref="GateMetrics"/>.</param>
/// <param name="Rows">Labelled items of the dataset that were run.</param>
/// <param name="Production">Production's figures, measured on the same worker right after.</param>
public sealed record ValidationReport(
    ImmutableArray<ValidationCheck> Checks,
    ImmutableSortedDictionary<string, double> Figures,
    long Rows,
    ProductionFigures? Production,
    ImmutableArray<GateResult> Gates);
