using System.Collections.Immutable;
using Platform.Core.Alerts.Machine;

namespace Platform.Core.Tests.Alerts;

public sealed class AlertMachineDifferentialTests
{
    private const int Traces = 10_000;
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddDays(20_000);
    private static readonly string[] Series = ["a", "b", "c"];

    [Fact]
    public void Evaluate_TenThousandRandomTraces_AgreesWithTheReferenceModel()
    {
        var (sent, transitions, missing, restores) = (0, 0, 0, 0);
        for (var seed = 0; seed < Traces; seed++)
        {
            var trace = new Trace(new Random(seed));
            for (var step = 0; step < 60; step++)
            {
                var (expected, actual) = trace.Step();
                Assert.True(expected == actual, $"seed {seed}, step {step}:\n{expected}\n--- but was\n{actual}");
            }

            (sent, transitions, missing, restores) = (sent + trace.Sent, transitions + trace.Transitions, missing + trace.Missing, restores + trace.Restores);
        }

        // The traces are worth something only if they reach what they are to compare.
        Assert.True(sent > 100_000 && transitions > 100_000 && missing > 100_000 && restores > 1_000, $"{sent} {transitions} {missing} {restores}");
    }

    private sealed class Trace
    {
        private readonly Random random;
        private readonly ReferencePrometheus reference = new();
        private ImmutableSortedDictionary<string, ActiveAlert> alerts = AlertMachine.NoAlerts;
        private AlertTiming timing;
        private long now;

        public Trace(Random random)
        {
            this.random = random;
            timing = Redraw();
        }

        public int Sent { get; private set; }

        public int Transitions { get; private set; }

        public int Missing { get; private set; }

        public int Restores { get; private set; }

        public (string Expected, string Actual) Step()
        {
            var downAt = now;
            now += random.Next(40) == 0 ? random.Next(60, 3000) : random.Next(20) == 0 ? 400 : 5 * random.Next(1, 7);
            if (random.Next(25) == 0) timing = Redraw();
            if (random.Next(30) == 0)
            {
                Restores++;
                alerts = AlertMachine.Restore(alerts, timing, At(downAt), At(now));
                reference.Restore(downAt, now);
            }

            var results = Series.Where(_ => random.Next(8) > 0).Select(name => (name, "!!!!..?"[random.Next(7)])).ToList();
            if (random.Next(60) == 0 && results.Count > 0) results.Add(results[0]);
            Missing += results.Count(result => result.Item2 == '?');

            var told = reference.Evaluate(now, results);
            var step = AlertMachine.Evaluate(alerts, timing, [.. results.Select(ToResult)], At(now));
            alerts = step.Alerts;
            Sent += step.ToSend.Length;
            Transitions += step.Changes.Count(change => change.IsTransition);
            var said = step.ToSend.Select(fingerprint => $"{Name(alerts[fingerprint])}:{(alerts[fingerprint].State is AlertState.Firing ? "firing" : "resolved")}");
            return (string.Join("\n", reference.States.Concat(told)), string.Join("\n", alerts.Values.OrderBy(Name, StringComparer.Ordinal).Select(Describe).Concat(said.Order(StringComparer.Ordinal))));
        }

        private AlertTiming Redraw()
        {
            long[] holds = [0, 0, 10, 30, 60, 600, 900, 1500];
            long[] keeps = [0, 0, 20, 60];
            (reference.HoldFor, reference.KeepFor) = (holds[random.Next(holds.Length)], keeps[random.Next(keeps.Length)]);
            (reference.Limit, reference.Missing) = (random.Next(4) == 0 ? 2 : 0, (MissingDataPolicy)random.Next(3));
            return new(
                TimeSpan.FromSeconds(reference.HoldFor), TimeSpan.FromSeconds(reference.KeepFor), TimeSpan.FromSeconds(5), reference.Missing, reference.Limit);
        }

        private static SeriesResult ToResult((string Name, char Result) result) => new(
            AlertLabels.None.Add("series", result.Name),
            result.Result switch { '!' => SeriesVerdict.Breaching, '?' => SeriesVerdict.Missing, _ => SeriesVerdict.Clear }, 1);

        private static DateTimeOffset At(long second) => Start.AddSeconds(second);

        private static string Name(ActiveAlert alert) => alert.Labels["series"];

        private static string Describe(ActiveAlert alert) =>
            $"{Name(alert)}:{alert.State.ToString()[0]}:{Seconds(alert.ActiveAt)}:{Seconds(alert.ResolvedAt)}:{Seconds(alert.KeepFiringSince)}";

        private static long? Seconds(DateTimeOffset? at) => at is { } moment ? (long)(moment - Start).TotalSeconds : null;
    }
}
