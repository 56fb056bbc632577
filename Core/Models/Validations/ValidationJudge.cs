using System.Collections.Immutable;
using Platform.Core.Models.Gates;

namespace Platform.Core.Models.Validations;

/// <summary>Makes a verdict of what was measured.</summary>
public static class ValidationJudge
{
    /// <param name="production">What was measured of production in the same run; null if nothing else is there.</param>
    public static ValidationRun Judge(ValidationRun run, Measurement measured, Measurement? production, DateTimeOffset now)
    {
        var reference = run.Production is { } version && production is not null
            ? new ProductionFigures(version.Version, production.Figures)
            : null;
        var gates = GateEvaluation.Evaluate(run.Gates, measured.Figures, reference);
        var failures = measured.Checks.Where(check => check.Verdict is CheckVerdict.Fail).Select(check => $"{check.Name}: {check.Detail}")
            .Concat(gates.Results.Where(gate => gate.Verdict is not GateVerdict.Pass).Select(gate => gate.Detail))
            .ToImmutableArray();
        return run with
        {
            State = failures.IsEmpty ? ValidationState.Passed : ValidationState.Failed,
            Report = new ValidationReport(measured.Checks, measured.Figures, measured.Rows, reference, gates.Results),
            Reason = failures.IsEmpty ? null : string.Join(" ", failures),
            EndedAt = now,
        };
    }

    /// <summary>The stage that a version reaches by a run that ended so.</summary>
    public static VersionStage StageOf(ValidationState state) => state switch
    {
        ValidationState.Passed => VersionStage.Validated,
        ValidationState.Failed => VersionStage.Rejected,
        ValidationState.Error => VersionStage.Created,
        _ => VersionStage.Validating,
    };
}
