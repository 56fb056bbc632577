using System.Collections.Immutable;
using System.Globalization;
using Platform.Core.Rollouts;
using Platform.Core.Statistics;

namespace Platform.Simulations.Rollouts;

/// <summary>What a canary and stable do in one simulated rollout.</summary>
internal sealed class SimulatedArms
{
    private readonly Scenario scenario;
    private readonly Random random;
    private readonly double phase;
    private readonly ImmutableArray<GuardrailCheck> wholes;
    private readonly Dictionary<GuardrailCheck, Dispersion> history;
    private readonly (double Canary, double Stable)[] noise;

    public SimulatedArms(Scenario scenario, RolloutPlan plan, Random random)
    {
        (this.scenario, this.random) = (scenario, random);
        phase = random.NextDouble() * 2 * Math.PI;
        wholes = plan.Checks();
        Checks = [.. wholes, .. wholes.Where(check => check.IsByClass).SelectMany(Parts)];
        history = Checks.ToDictionary(check => check, HistoryOf);
        noise = new (double, double)[wholes.Length];
    }

    /// <summary>The plan's bounds, and the parts that stable had before the rollout.</summary>
    public ImmutableArray<GuardrailCheck> Checks { get; }

    public Dispersion History(GuardrailCheck check) => history[check];

    /// <summary>One second with that share of the traffic on the canary.</summary>
    public CheckCounts[] Draw(int second, double weight)
    {
        if (second % 60 == 0)
        {
            for (var i = 0; i < noise.Length; i++) noise[i] = (random.GammaOfMeanOne(scenario.ArmCv), random.GammaOfMeanOne(scenario.ArmCv));
        }

        var total = scenario.PerSecond * scenario.TrafficAt(second, phase);
        var (canary, stable) = (random.Poisson(total * weight), random.Poisson(total * (1 - weight)));
        return [.. wholes.SelectMany((check, i) => Draw(check, canary, stable, scenario.BadnessAt(second, phase), noise[i]))];
    }

    private IEnumerable<CheckCounts> Draw(GuardrailCheck check, long canary, long stable, double badness, (double Canary, double Stable) noise)
    {
        var metric = Scenario.MetricOf(check);
        var (nc, ns) = (random.Binomial(canary, metric.Counted), random.Binomial(stable, metric.Counted));
        if (check.Kind is MetricKind.OutputShift) return Answers(check, nc, ns);
        var worse = check.Kind is MetricKind.Errors ? scenario.ErrorFactor : 1;
        var (pc, ps) = (Math.Min(1, metric.Rate * badness * noise.Canary * worse), Math.Min(1, metric.Rate * badness * noise.Stable));
        if (!check.IsByClass) return [new(check, new CountTick(nc, random.Binomial(nc, pc), ns, random.Binomial(ns, ps)))];
        CheckCounts[] parts =
        [
            .. Parts(check).Zip(Split(nc), Split(ns)).Select(of => new CheckCounts(
                of.First, new CountTick(of.Second, random.Binomial(of.Second, pc), of.Third, random.Binomial(of.Third, ps)))),
        ];
        return [new(check, parts.Aggregate(default(CountTick), (sum, part) => sum + part.Counts!.Value)), .. parts];
    }

    private IEnumerable<CheckCounts> Answers(GuardrailCheck check, long nc, long ns)
    {
        var (ofCanary, ofStable) = (Split(nc), Split(ns));
        return
        [
            new(check, new CountTick(nc, 0, ns, 0)),
            .. Parts(check).Select((part, i) => new CheckCounts(part, part.Rarer
                ? new CountTick(nc, nc - ofCanary[i / 2], ns, ns - ofStable[i / 2])
                : new CountTick(nc, ofCanary[i / 2], ns, ofStable[i / 2]))),
        ];
    }

    /// <summary>Into equally frequent classes.</summary>
    private long[] Split(long items)
    {
        var split = new long[Scenario.Classes];
        for (var i = 0; i < split.Length; i++) items -= split[i] = i == split.Length - 1 ? items : random.Binomial(items, 1.0 / (split.Length - i));
        return split;
    }

    private static IEnumerable<GuardrailCheck> Parts(GuardrailCheck whole) => Enumerable.Range(0, Scenario.Classes)
        .Select(number => whole with { Part = number.ToString(CultureInfo.InvariantCulture) })
        .SelectMany(part => whole.Kind is MetricKind.OutputShift ? (GuardrailCheck[])[part, part with { Rarer = true }] : [part]);

    private Dispersion HistoryOf(GuardrailCheck check)
    {
        if (check is { IsByClass: true, IsWhole: true }) return Dispersion.Empty;
        var metric = Scenario.MetricOf(check);
        var (share, rate) = check.Kind is MetricKind.OutputShift ? (1, check.Rarer ? 1 - metric.Rate : metric.Rate)
            : (check.IsWhole ? metric.Counted : metric.Counted / Scenario.Classes, metric.Rate);
        var history = Dispersion.Empty;
        for (var minute = -scenario.HistoryMinutes; minute < 0; minute++)
        {
            var second = minute * 60.0;
            var requests = random.Poisson(60 * scenario.PerSecond * scenario.TrafficAt(second, phase) * share);
            var bad = check.Kind is MetricKind.OutputShift ? rate : rate * scenario.BadnessAt(second, phase) * random.GammaOfMeanOne(scenario.ArmCv);
            history = history.With(requests, random.Binomial(requests, Math.Min(1, bad)));
        }

        return history;
    }
}
