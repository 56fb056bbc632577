using System.Collections.Immutable;

namespace Platform.Core.Experiments;

/// <summary>How far an experiment is.</summary>
public enum ExperimentPhase
{
    /// <summary>Workers load the arms' versions; traffic goes to production.</summary>
    Starting,

    /// <summary>Traffic is split and counted.</summary>
    Running,

    /// <summary>A decision was reached; traffic goes to production.</summary>
    Decided,

    /// <summary>Somebody ended it; traffic goes to production.</summary>
    Stopped,

    /// <summary>It could not begin.</summary>
    Failed,
}

/// <summary>An experiment, all of it. Pure: each change is a new one.</summary>
/// <param name="Id">What it is counted under.</param>
/// <param name="Planned">Sample size before anything was counted.</param>
/// <param name="ExpectedDuration">By the model's traffic of the hour before; null without any.</param>
/// <param name="StartedAt">When traffic was split.</param>
/// <param name="Results">The last look; of an ended experiment the one that it ended with.</param>
/// <param name="Released">Whether the model's traffic was given back after the end.</param>
/// <param name="Reason">Why it stopped or failed.</param>
/// <param name="Shipped">The arm whose version was sent on by <c>conclude</c>.</param>
/// <param name="Rollout">The rollout that does it; null where that version is in production already.</param>
public sealed record ExperimentState(
    string Id,
    string Model,
    ExperimentDesign Design,
    SampleSize Planned,
    TimeSpan? ExpectedDuration,
    string By,
    DateTimeOffset CreatedAt,
    ExperimentEvidence Evidence,
    ExperimentHistory History,
    ExperimentPhase Phase = ExperimentPhase.Starting,
    DateTimeOffset? StartedAt = null,
    DateTimeOffset? EndedAt = null,
    ExperimentResults? Results = null,
    bool Released = false,
    string? Reason = null,
    string? Shipped = null,
    string? Rollout = null)
{
    public bool HasEnded => Phase is not (ExperimentPhase.Starting or ExperimentPhase.Running);

    public static ExperimentState Begin(
        string id, string model, ExperimentDesign design, TimeSpan? expected, string actor, DateTimeOffset now) => new(
        id, model, design, SampleTarget.Planned(design), expected, actor, now, ExperimentEvidence.Before(design), ExperimentHistory.Empty);

    public ExperimentState Start(DateTimeOffset now) =>
        Phase is ExperimentPhase.Starting ? this with { Phase = ExperimentPhase.Running, StartedAt = now } : this;

    public ExperimentState Fail(string reason, DateTimeOffset now) =>
        HasEnded ? this : this with { Phase = ExperimentPhase.Failed, Reason = reason, EndedAt = now };

    /// <summary>Takes a look; a decision ends it. Of one that does not run, nothing changes.</summary>
    /// <param name="maxUnits">The most units that are counted.</param>
    public ExperimentState Look(ExperimentCounts counts, DateTimeOffset now, long maxUnits)
    {
        if (Phase is not ExperimentPhase.Running) return this;
        var (results, evidence) = ExperimentJudge.Look(Design, Evidence, counts, new(now - StartedAt!.Value, counts.Units >= maxUnits));
        var decided = results.Verdict.Decision is not ExperimentDecision.Continue;
        return this with
        {
            Evidence = evidence,
            Results = results,
            History = decided || History.IsDue(now) ? History.Add(ExperimentSnapshot.Of(now, results)) : History,
            Phase = decided ? ExperimentPhase.Decided : Phase,
            EndedAt = decided ? now : null,
        };
    }

    /// <summary>Ends it without a decision. What it showed stays.</summary>
    public ExperimentState Stop(string actor, string reason, DateTimeOffset now) => HasEnded ? this : this with
    {
        Phase = ExperimentPhase.Stopped,
        Reason = $"{actor}: {reason}",
        EndedAt = now,
        Results = Results is { } last
            ? last with { Verdict = new(ExperimentDecision.Inconclusive, ExperimentReason.Stopped, $"Stopped by {actor} before a decision: {reason}") }
            : null,
    };

    public Arm? FindArm(string name) => Design.Arms.FirstOrDefault(arm => arm.Name == name);
}
