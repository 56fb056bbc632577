using System.Collections.Immutable;
using Platform.Core.Rollouts;
using Platform.Core.Serving;

namespace Platform.Core.Tests.Rollouts;

internal static class RolloutSamples
{
    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly RolloutTimes Times = new(TimeSpan.FromSeconds(5));

    public static readonly Readiness Ready = new(ReadinessVerdict.Ready, "Ready on 2 worker(s).");

    public static RolloutPlan Plan(RolloutRequest? request = null) =>
        RolloutRules.Read(request ?? Request(), "2.0.0", "salt").Value!;

    public static RolloutRequest Request() => new(
        "2.0.0",
        Steps: [new(5, TimeSpan.FromSeconds(30)), new(25, TimeSpan.FromMinutes(1)), new(100)],
        Analysis: new(MinRequests: 50, Metrics: [new("error_rate", MaxRatioToStable: 1)]),
        AutoPromote: true, MaxWait: TimeSpan.FromMinutes(10));

    public static RolloutState Begin(RolloutRequest? request = null) => RolloutState.Begin("r", "m", "1.0.0", Plan(request), "ann", Start);

    /// <summary>In its first step.</summary>
    public static RolloutState Progressing(RolloutRequest? request = null) =>
        RolloutMachine.Tick(Begin(request), Sight(), Times, Start);

    public static RolloutSight Sight(StepVerdict? verdict = null, string detail = "because", double lostSeconds = 0, Readiness? footing = null, bool held = true) => new(
        held, footing ?? Ready, TimeSpan.FromSeconds(lostSeconds),
        verdict is { } known ? new StepJudgement(known, detail, ImmutableArray<Measurement>.Empty) : null);
}
