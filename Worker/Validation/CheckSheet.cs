using System.Collections.Immutable;
using Platform.Core.Drift;
using Platform.Core.Models.Datasets;
using Platform.Core.Models.Validations;
using Platform.Core.Protection;
using Platform.Worker.Onnx;

namespace Platform.Worker.Validation;

/// <summary>Collects what was tried and what was measured.</summary>
internal sealed class CheckSheet(TimeProvider clock, CancellationToken cancellation)
{
    private readonly List<ValidationCheck> checks = [];
    private readonly Dictionary<string, double> figures = new(StringComparer.Ordinal);

    /// <summary>Labelled items that were run.</summary>
    public long Rows { get; set; }

    /// <summary>How the dataset's items are distributed; null when they were not run.</summary>
    public DriftBaseline? Baseline { get; set; }

    public ReferenceProfile? Profile { get; set; }

    /// <summary>Keeps a figure; what is no finite number was not measured.</summary>
    public void Set(string metric, double value)
    {
        if (double.IsFinite(value)) figures[metric] = value;
    }

    public void Fail(string check, string detail) => checks.Add(new(check, CheckVerdict.Fail, detail));

    public void Skip(string check, string why) => checks.Add(new(check, CheckVerdict.Skipped, why));

    /// <summary>Tries something that tells what came of it; whether it passed.</summary>
    /// <param name="isConclusive">Whether a model that fails at this is at fault.</param>
    /// <exception cref="OperationCanceledException">The time was up.</exception>
    public bool Try(string check, Func<string> act, bool isConclusive = true)
    {
        var started = clock.GetTimestamp();
        try
        {
            cancellation.ThrowIfCancellationRequested();
            var detail = act();
            checks.Add(new(check, CheckVerdict.Pass, detail, Elapsed()));
            return true;
        }
        catch (Exception e) when (e is ModelRunException or UnusableModelException or DatasetException)
        {
            // A run that was stopped fails too, and is not the model's fault.
            cancellation.ThrowIfCancellationRequested();
            if (isConclusive) checks.Add(new(check, CheckVerdict.Fail, e.Message, Elapsed()));
            else checks.Add(new(check, CheckVerdict.Skipped, $"With free dimensions set to one it did not run, which need not be wrong: {e.Message}", Elapsed()));
            return false;
        }

        double Elapsed() => Math.Round(clock.GetElapsedTime(started).TotalMilliseconds, 3);
    }

    public Measurement ToMeasurement() => new(
        [.. checks], figures.ToImmutableSortedDictionary(StringComparer.Ordinal), Rows, Baseline, Profile);
}
