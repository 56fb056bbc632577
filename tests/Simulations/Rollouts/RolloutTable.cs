using System.Diagnostics;
using System.Globalization;
using Platform.Core.Rollouts;

namespace Platform.Simulations.Rollouts;

/// <summary>What the judge does in simulation, as a table for people.</summary>
public static class RolloutTable
{
    private static readonly double[] Volumes = [2, 20, 200, 2_000];

    public static int Print(int runs)
    {
        var watch = Stopwatch.StartNew();
        Line($"Whole rollouts by the platform's own judge and machine: steps of 5, 10, 25 and 50 % for 10 min each, alpha {Scenario.Alpha} a rollout, {runs} runs a cell, fixed seeds.");
        Line("\nFalse rollbacks with nothing wrong (A/A) over six guardrails, and how many were promoted; the others wait for a person");
        Line("| requests/s | flat | daily | shared incident | over-dispersed arms, cv 0.3 |\n|---|---|---|---|---|");
        foreach (var volume in Volumes)
        {
            Scenario[] scenarios =
            [
                new(volume, Traffic.Flat), new(volume, Traffic.Daily), new(volume, Traffic.SharedIncident), new(volume, Traffic.Flat, ArmCv: 0.3),
            ];
            Line($"| {volume} | {string.Join(" | ", scenarios.Select(scenario => FalseRollbacks(scenario, runs)))} |");
        }

        Line($"\nThe same with recall, precision, F1 and output drift over {Scenario.Classes} classes, a fifth of the answers labelled");
        Line("| requests/s | flat | shared incident |\n|---|---|---|");
        foreach (var volume in (double[])[20, 200])
        {
            var (flat, incident) = (new Scenario(volume, Traffic.Flat, ByClass: true), new Scenario(volume, Traffic.SharedIncident, ByClass: true));
            Line($"| {volume} | {FalseRollbacks(flat, runs / 4)} | {FalseRollbacks(incident, runs / 4)} |");
        }

        Line("\nTime to detect more errors, 5 % of the traffic, seconds");
        Line("| requests/s | errors | found | mean | median | p95 | mean / Wald's bound |\n|---|---|---|---|---|---|---|");
        foreach (var (volume, factor) in ((double, double)[])[(200, 10), (200, 4), (200, 2), (20, 10), (2_000, 2)])
            Line(Detection(volume, factor, runs));
        Line($"\n{watch.Elapsed.TotalSeconds:0} s.");
        return 0;
    }

    /// <summary>Seconds to detection of the runs that detected, in order, of a canary held at 5 % for two hours.</summary>
    public static double[] DetectionSeconds(double volume, double factor, int runs) =>
    [
        .. RolloutSimulation.Run(new(volume, Traffic.Flat, ErrorFactor: factor, Weights: [5], StepSeconds: 7_200), runs)
            .Where(result => result.FailedAt is not null).Select(result => (double)result.FailedAt!).Order(),
    ];

    /// <summary>Wald's bound in seconds for one of six guardrails.</summary>
    public static double WaldSeconds(double volume, double factor) =>
        Outlook.WaldBound(Scenario.ErrorRate, Scenario.ErrorRate * factor, Scenario.Alpha / Scenario.Bounds) / (volume * 0.05);

    private static string FalseRollbacks(Scenario scenario, int runs)
    {
        var results = RolloutSimulation.Run(scenario, runs);
        var failed = results.Where(result => result.FailedAt is not null).ToArray();
        var by = failed.CountBy(result => result.FailedBy!).OrderByDescending(pair => pair.Value).FirstOrDefault();
        return $"{100.0 * failed.Length / runs:0.00} %{(failed.Length == 0 ? "" : $" ({by.Key})")}; {100.0 * results.Count(result => result.IsPromoted) / runs:0.0} %";
    }

    private static string Detection(double volume, double factor, int runs)
    {
        var found = DetectionSeconds(volume, factor, runs);
        return $"| {volume} | 0.5 → {0.5 * factor:0.#} % | {100.0 * found.Length / runs:0.0} % | {found.Average():0} | {found[found.Length / 2]:0} "
            + $"| {found[(int)(0.95 * found.Length)]:0} | {found.Average() / WaldSeconds(volume, factor):0.00} |";
    }

    private static void Line(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));

    private static void Line(string text) => Console.WriteLine(text);
}
