using Platform.Core.Rollouts;
using Platform.Core.Statistics;

namespace Platform.Simulations.Rollouts;

/// <summary>What became of one simulated rollout.</summary>
/// <param name="FailedAt">Second at whose end the judge failed the canary; null if it never did.</param>
public sealed record SimulatedRollout(int? FailedAt, string? FailedBy);

/// <summary>Rollouts in virtual time: every second draws counts for both arms, and the platform's own judge looks at them.</summary>
public static class RolloutSimulation
{
    public const double Alpha = 0.01;

    /// <summary>Runs 0 to <paramref name="runs"/> − 1, each with a seed of its own; the same every time.</summary>
    public static SimulatedRollout[] Run(Scenario scenario, int runs, int seed = 1)
    {
        var results = new SimulatedRollout[runs];
        Parallel.For(0, runs, run => results[run] = RunOnce(scenario, new Random((seed * 1_000_003) + run)));
        return results;
    }

    private static SimulatedRollout RunOnce(Scenario scenario, Random random)
    {
        var phase = random.NextDouble() * 2 * Math.PI;
        var checks = Scenario.SixGuardrails;
        var history = Array.ConvertAll(checks, check => History(scenario, check, random, phase));
        var state = Judge.Start(-1, [.. checks.Select(check => check.Check)], check => history[Array.FindIndex(checks, own => own.Check == check)]);
        var noise = new (double Canary, double Stable)[checks.Length];
        for (var second = 0; second < scenario.Seconds; second++)
        {
            if (second % 60 == 0)
            {
                for (var i = 0; i < noise.Length; i++)
                    noise[i] = (random.GammaOfMeanOne(scenario.ArmCv), random.GammaOfMeanOne(scenario.ArmCv));
            }

            if (second > 0 && second % scenario.StepSeconds == 0) state = Judge.NextStep(state, alone: false);
            var counts = Draw(scenario, checks, noise, second, phase, random);
            state = Judge.Observe(state, second, counts, Alpha);
            if (state.Checks.FirstOrDefault(check => check.FailingTicks > 0) is { } broken)
                return new(second + 1, $"{broken.Check.Metric}/{broken.Check.Bound}");
        }

        return new(null, null);
    }

    private static CheckCounts[] Draw(
        Scenario scenario, SimulatedCheck[] checks, (double Canary, double Stable)[] noise, int second, double phase, Random random)
    {
        var total = scenario.PerSecond * scenario.TrafficAt(second, phase);
        var weight = scenario.WeightAt(second);
        var (canary, stable) = (random.Poisson(total * weight), random.Poisson(total * (1 - weight)));
        var badness = scenario.BadnessAt(second, phase);
        var counts = new CheckCounts[checks.Length];
        for (var i = 0; i < checks.Length; i++)
        {
            var (check, rate, counted) = checks[i];
            var (nc, ns) = (random.Binomial(canary, counted), random.Binomial(stable, counted));
            var worse = check.Kind is MetricKind.Errors ? scenario.ErrorFactor : 1;
            counts[i] = new(check, new CountTick(
                nc, random.Binomial(nc, Math.Min(1, rate * badness * noise[i].Canary * worse)),
                ns, random.Binomial(ns, Math.Min(1, rate * badness * noise[i].Stable))));
        }

        return counts;
    }

    private static Dispersion History(Scenario scenario, SimulatedCheck check, Random random, double phase)
    {
        var history = Dispersion.Empty;
        for (var minute = -scenario.HistoryMinutes; minute < 0; minute++)
        {
            var second = minute * 60.0;
            var requests = random.Poisson(60 * scenario.PerSecond * scenario.TrafficAt(second, phase) * check.Counted);
            var rate = check.Rate * scenario.BadnessAt(second, phase) * random.GammaOfMeanOne(scenario.ArmCv);
            history = history.With(requests, random.Binomial(requests, Math.Min(1, rate)));
        }

        return history;
    }
}
