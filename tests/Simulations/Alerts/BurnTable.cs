using System.Globalization;
using Platform.Core.Tests.Alerts;

namespace Platform.Simulations.Alerts;

/// <summary>Pages of services that spend half of their budget of errors, and how fast a burn rate of 14.4 is found: our rule beside the plain one.</summary>
internal static class BurnTable
{
    private const int Days = 30;

    public static int Print(int runs)
    {
        Console.WriteLine(Invariant($"Pages in {Days} days (mean, and the most of {runs} services), and minutes until burn 14.4 is found."));
        Console.WriteLine("| objective | requests/s | ours: mean | ours: most | plain: mean | ours: minutes | plain: minutes | ratio |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var objective in (ReadOnlySpan<double>)[0.99, 0.999])
        {
            foreach (var rate in (ReadOnlySpan<double>)[0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 10]) Row(objective, rate, runs);
        }

        return 0;
    }

    private static void Row(double objective, double rate, int runs)
    {
        var ours = Enumerable.Range(0, runs).Select(seed => new BurnSimulation(rate, objective, new Random(seed)).Pages(Days)).ToArray();
        var plain = Enumerable.Range(0, runs).Select(seed => new BurnSimulation(rate, objective, new Random(seed)).Pages(Days, isPlain: true)).ToArray();
        var (found, plainly) = (Detection(objective, rate, runs, isPlain: false), Detection(objective, rate, runs, isPlain: true));
        Console.WriteLine(Invariant($"| {objective} | {rate} | {ours.Average():0.00} | {ours.Max()} | {plain.Average():0.00} | {found:0.0} | {plainly:0.0} | {found / plainly:0.00} |"));
    }

    /// <summary>The mean; one that is not found in a day counts as a day.</summary>
    private static double Detection(double objective, double rate, int runs, bool isPlain) =>
        Enumerable.Range(0, runs).Average(seed => new BurnSimulation(rate, objective, new Random(seed)).Detection(14.4, isPlain) ?? 24 * 60);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
