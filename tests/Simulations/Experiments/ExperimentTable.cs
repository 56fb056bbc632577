using System.Globalization;

namespace Platform.Simulations.Experiments;

/// <summary>Everything that is claimed of experiments, simulated with fixed seeds, as a table.</summary>
internal static class ExperimentTable
{
    private const int Paths = 20_000;
    private const int Units = 5_000;
    private const double Tuning = 2_000;

    /// <summary>0 if every figure is within its limit.</summary>
    public static int Print()
    {
        var holds = true;
        Console.WriteLine("| simulated | paths | found | limit | |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var (what, paths, rate, least, most) in Rows())
        {
            var fits = rate >= least && rate <= most;
            holds &= fits;
            var limit = most < 1 ? $"at most {most * 100:0.##} %" : $"at least {least * 100:0.##} %";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {paths:N0} | {rate * 100:0.00} % | {limit} | {(fits ? "holds" : "FAILS")} |"));
        }

        return holds ? 0 : 1;
    }

    private static IEnumerable<(string What, int Paths, double Rate, double Least, double Most)> Rows()
    {
        foreach (var alpha in (double[])[0.05, 0.01])
        {
            foreach (var share in (double[])[0.5, 0.1, 0.01])
            {
                yield return (
                    $"A/A, share {share}, alpha {alpha}, a look after each of {Units:N0} units: exact e-process", Paths,
                    PeekingSimulation.Proportions(share, alpha, Paths, Units, 1), 0, alpha);
            }

            yield return (
                $"A/A, normal values, alpha {alpha}, a look after each of {Units:N0} units: asymptotic sequence", Paths,
                PeekingSimulation.Means(Draws.Normal, alpha, Tuning, Paths, Units, 2), 0, alpha);
            yield return (
                $"A/A, exponential values, alpha {alpha}, a look after each of {Units:N0} units: asymptotic sequence", Paths,
                PeekingSimulation.Means(Draws.Exponential, alpha, Tuning, Paths, Units, 3), 0, alpha);
        }

        yield return (
            "for comparison: A/A, normal values, an ordinary test at 5 % after each unit", 2_000,
            PeekingSimulation.NaiveMeans(Draws.Normal, 0.05, 2_000, Units, 4), 0.3, 1);
        yield return ("for comparison: five looks at 1.96 (theory 14.15 %)", 400_000, PeekingSimulation.FiveLooks(_ => 1.959964, 400_000, 5), 0.139, 0.144);
        yield return ("for comparison: five looks at Pocock's 2.4132 (theory 4.99 %)", 400_000, PeekingSimulation.FiveLooks(_ => 2.4132, 400_000, 6), 0.048, 0.0515);
        yield return (
            "for comparison: five looks at O'Brien and Fleming's 2.0401 √(5/k) (theory 4.99 %)", 400_000,
            PeekingSimulation.FiveLooks(k => 2.0401 * Math.Sqrt(5.0 / k), 400_000, 7), 0.048, 0.0515);
        yield return ("power of the fixed test at the designed size, 10 % against 12 %", Paths, DesignSimulation.Proportions(0.10, 0.12, 0.8, Paths, 8), 0.795, 1);
        yield return ("power of the fixed test at the designed size, 1 % against 2 %", Paths, DesignSimulation.Proportions(0.01, 0.02, 0.8, Paths, 9), 0.795, 1);
        yield return ("power of the fixed test at the designed size, means 0.2 deviations apart", Paths, DesignSimulation.Means(0.2, 0.8, Paths, 10), 0.795, 1);
        yield return ("sample ratio, 50:50, a look each 20 of 20,000 units and the chi-square at the end: false alarms", Paths, RatioSimulation.Alarms(0.5, 0.5, Paths, 20_000, 20, 11), 0, 0.001);
        yield return ("sample ratio, 90:10, the same: false alarms", Paths, RatioSimulation.Alarms(0.9, 0.9, Paths, 20_000, 20, 12), 0, 0.001);
        yield return ("sample ratio, 50:50 planned and 53:47 seen: found within 20,000 units", 1_000, RatioSimulation.Alarms(0.53, 0.5, 1_000, 20_000, 20, 13), 0.99, 1);
    }
}
