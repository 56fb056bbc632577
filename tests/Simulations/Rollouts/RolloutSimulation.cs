using System.Collections.Immutable;
using Platform.Core.Rollouts;
using Platform.Core.Serving;

namespace Platform.Simulations.Rollouts;

/// <summary>What became of one simulated rollout.</summary>
/// <param name="FailedAt">Second at whose end it was rolled back; null if it never was.</param>
/// <param name="FailedBy">The bound that did it.</param>
/// <param name="IsPromoted">Whether it ended in production.</param>
/// <param name="Waiting">What it waited for in vain until it paused for a person; null otherwise.</param>
public sealed record SimulatedRollout(int? FailedAt, string? FailedBy, bool IsPromoted, string? Waiting);

/// <summary>
/// Whole rollouts in virtual time: every second draws counts for both arms, the platform's own judge looks at them, and
/// its own machine holds, steps, waits, rolls back and promotes.
/// </summary>
public static class RolloutSimulation
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly RolloutTimes Times = new(TimeSpan.FromSeconds(5));
    private static readonly Readiness Ready = new(ReadinessVerdict.Ready, "Ready on 2 worker(s).");

    /// <summary>Runs 0 to <paramref name="runs"/> − 1, each with a seed of its own; the same every time.</summary>
    public static SimulatedRollout[] Run(Scenario scenario, int runs, int seed = 1)
    {
        var results = new SimulatedRollout[runs];
        var plan = scenario.Plan();
        Parallel.For(0, runs, run => results[run] = RunOnce(scenario, plan, new Random((seed * 1_000_003) + run)));
        return results;
    }

    private static SimulatedRollout RunOnce(Scenario scenario, RolloutPlan plan, Random random)
    {
        var arms = new SimulatedArms(scenario, plan, random);
        var state = RolloutMachine.Tick(RolloutState.Begin("r", "m", "1.0.0", plan, "simulation", Start), Sight(null), Times, Start);
        var judged = Judge.Start(-1, arms.Checks, arms.History);
        for (var second = 0; ; second++)
        {
            var now = Start.AddSeconds(second + 1);
            var perSecond = scenario.PerSecond * plan.Steps[state.Step].Weight / 100;
            var counts = arms.Draw(second, plan.Steps[state.Step].Weight / 100);
            judged = Judge.Observe(judged, second, counts, plan.Alpha);
            // While a step is held, only harm is asked for.
            var isHeld = now - state.StepStartedAt < plan.Steps[state.Step].Hold;
            var judgement = isHeld && judged.Checks.All(check => check.FailingTicks == 0) ? null : StepJudgement.Of(judged, plan, state.Step, counts, perSecond, now);
            var next = RolloutMachine.Tick(state, Sight(judgement), Times, now);
            if (next.Phase is RolloutPhase.Aborting) return new(second + 1, BrokenBy(judged), false, null);
            if (next.Phase is RolloutPhase.Promoting) return new(null, null, true, null);
            if (next.Phase is RolloutPhase.Paused) return new(null, null, false, next.Detail);
            if (next.Step != state.Step) judged = Judge.NextStep(judged, next.IsAlone);
            state = next;
        }
    }

    private static RolloutSight Sight(StepJudgement? judgement) => new(true, Ready, TimeSpan.Zero, judgement);

    private static string BrokenBy(JudgeState judged) =>
        judged.Checks.First(check => check.FailingTicks > 0).Check is var check ? $"{check.Metric}/{check.Bound}" : "";
}
