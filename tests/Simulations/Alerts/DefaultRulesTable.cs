using System.Collections.Immutable;
using System.Globalization;
using Platform.Core.Alerts.Kinds;
using Platform.Core.Alerts.Machine;
using Platform.Core.Alerts.Rules;

namespace Platform.Simulations.Alerts;

/// <summary>Pages that the rules of a deployed version send of a healthy service in its first 30 days, and how fast they find what is wrong.</summary>
internal static class DefaultRulesTable
{
    private const int Days = 30;
    private const int MinutesInDay = 24 * 60;
    private static readonly DateTimeOffset Start = new(2026, 1, 8, 0, 0, 0, TimeSpan.Zero);
    private static readonly ImmutableArray<AlertRule> Rules = DefaultRules.For("m", "1.0.0", SimulatedService.Accuracy);

    /// <returns>1 if a service has more than one false page.</returns>
    public static int Print(int runs)
    {
        Console.WriteLine(Invariant($"False pages in the first {Days} days of {runs} healthy services each, by rule, and of the service with the most."));
        Console.WriteLine("| traffic | requests/s | errors | latency | traffic | drift | quality | most |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        var most = 0;
        foreach (var shape in Enum.GetValues<TrafficShape>())
        {
            foreach (var rate in (ReadOnlySpan<double>)[0.001, 0.01, 0.1, 1, 5])
            {
                var pages = Enumerable.Range(0, runs).AsParallel().Select(seed => Pages(shape, rate, new Random(seed + 1))).ToArray();
                most = Math.Max(most, pages.Max(service => service.Sum()));
                var means = Rules.Select((_, i) => Invariant($"{pages.Average(service => service[i]):0.00}"));
                Console.WriteLine(Invariant($"| {shape} | {rate} | {string.Join(" | ", means)} | {pages.Max(service => service.Sum())} |"));
            }
        }

        Console.WriteLine();
        Console.WriteLine("Minutes until a fault at noon of the 21st day is found (median), at 1 request/s: of the rule that is for it.");
        foreach (var (fault, metric) in (ReadOnlySpan<(Fault, string)>)[(Fault.NoTraffic, "requests"), (Fault.Slow, "latency_p99_ms"), (Fault.WorseAnswers, "accuracy"), (Fault.OtherInputs, "drift_score")])
        {
            var found = Enumerable.Range(0, Math.Min(runs, 5)).Select(seed => Detection(fault, metric, new Random(seed + 1)) ?? int.MaxValue).Order().ToArray();
            Console.WriteLine(Invariant($"{fault}: {found[found.Length / 2]}"));
        }

        return most > 1 ? 1 : 0;
    }

    private static int[] Pages(TrafficShape shape, double rate, Random random)
    {
        var watched = Rules.Select(rule => new Watched(rule)).ToArray();
        var service = new SimulatedService(shape, rate, random);
        for (var minute = 0; minute < Days * MinutesInDay; minute++)
        {
            var at = Start.AddMinutes(minute);
            service.Advance(at, Fault.None);
            foreach (var rule in watched) rule.Evaluate(service, at.AddMinutes(1));
        }

        return [.. watched.Select(rule => rule.Pages)];
    }

    private static int? Detection(Fault fault, string metric, Random random)
    {
        var rule = new Watched(Rules.Single(rule => rule.Metric == metric));
        var service = new SimulatedService(TrafficShape.NoNights, 1, random);
        var begin = (20 * MinutesInDay) + (MinutesInDay / 2);
        for (var minute = 0; minute < begin + MinutesInDay; minute++)
        {
            var (at, before) = (Start.AddMinutes(minute), rule.Pages);
            service.Advance(at, minute < begin ? Fault.None : fault);
            rule.Evaluate(service, at.AddMinutes(1));
            if (minute >= begin && rule.Pages > before) return minute - begin + 1;
        }

        return null;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>A rule as its grain would evaluate it.</summary>
    private sealed class Watched(AlertRule rule)
    {
        private ImmutableSortedDictionary<string, ActiveAlert> alerts = AlertMachine.NoAlerts;
        private RuleMemory memory = RuleMemory.None;

        public int Pages { get; private set; }

        public void Evaluate(SimulatedService service, DateTimeOffset now)
        {
            var judged = service.Judge(rule, memory, now);
            memory = judged.Memory;
            var step = AlertMachine.Evaluate(alerts, rule.Timing(TimeSpan.FromMinutes(1)), [new(rule.AlertLabels(), judged.Verdict, judged.Value)], now);
            Pages += step.Changes.Count(change => change is { IsTransition: true, After.State: AlertState.Firing });
            alerts = step.Alerts;
        }
    }
}
