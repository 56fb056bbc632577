using System.Globalization;
using Platform.Core.Drift;

namespace Platform.Simulations.Drift;

/// <summary>
/// How often the drift test is wrong on data without drift, and how often it finds a shift. Each row has many references
/// of its own, made as the platform makes them: edges from the first items, counts from all.
/// </summary>
internal static class DriftTable
{
    /// <summary>Windows that are held against one reference; where those are the larger sample, each has a reference of its own.</summary>
    private const int WindowsOfAReference = 4;

    /// <summary>In so many items every shift is found.</summary>
    private const int ShiftsUpTo = 2_000;
    private static readonly string[] Shapes = ["normal", "lognormal", "t3", "integers", "classes"];

    public static int Print(int runs)
    {
        Console.WriteLine(Invariant($"False alarms at the level {DriftTest.Level}, and shifts of 0.3 sd found; {runs} windows each."));
        Console.WriteLine("| data | reference | n | ks false | psi false | ks finds | psi finds |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var shape in Shapes)
        {
            foreach (var (m, n) in (ReadOnlySpan<(int, int)>)[(2000, 200), (2000, 500), (10_000, 500), (2000, 2000), (2000, 10_000), (2000, 50_000), (10_000, 50_000)])
                Row(shape, m, n, runs);
        }

        return 0;
    }

    private static void Row(string shape, int m, int n, int runs)
    {
        var random = new Random((m * 100_003) + n + shape.Length);
        var (ks, psi, ksFound, psiFound) = (0, 0, 0, 0);
        var windows = n <= m ? WindowsOfAReference : 1;
        for (var run = 0; run < runs; run += windows)
        {
            var test = Reference(shape, m, random);
            for (var window = 0; window < windows; window++)
            {
                var same = Window(test, shape, n, 0, random);
                ks += same.Verdict is DriftVerdict.Drift ? 1 : 0;
                psi += same.Psi!.P < DriftTest.Level ? 1 : 0;
                if (n > ShiftsUpTo) continue;
                var shifted = Window(test, shape, n, 0.3, random);
                ksFound += shifted.Verdict is DriftVerdict.Drift ? 1 : 0;
                psiFound += shifted.Psi!.P < DriftTest.Level ? 1 : 0;
            }
        }

        var found = n > ShiftsUpTo ? " | |" : Invariant($" {(double)ksFound / runs:0.000} | {(double)psiFound / runs:0.000} |");
        Console.WriteLine(Invariant($"| {shape} | {m} | {n} | {(double)ks / runs:0.0000} | {(double)psi / runs:0.0000} |{found}"));
    }

    private static DriftTest Reference(string shape, int m, Random random)
    {
        var sample = Enumerable.Range(0, m).Select(_ => Draw(shape, random)).ToArray();
        var kind = shape == "classes" ? FeatureKind.Class : FeatureKind.Number;
        var bins = FeatureBins.Of(new("x", kind, false), sample.Take(Math.Min(m, 500)));
        return new DriftTest(new("r", DriftReference.FromRequests, default, m, [bins]), Count(bins, sample));
    }

    private static FeatureDrift Window(DriftTest test, string shape, int n, double shift, Random random) => test.Run(
        Count(test.Reference.Features[0], Enumerable.Range(0, n).Select(_ => Draw(shape, random) + (shift * Deviation(shape))))).Features[0];

    private static DriftCounts Count(FeatureBins bins, IEnumerable<double> values)
    {
        var counts = new long[bins.Count];
        var items = 0;
        foreach (var value in values)
        {
            counts[bins.BinOf(value)]++;
            items++;
        }

        return new(items, [[.. counts]]);
    }

    private static double Draw(string shape, Random random) => shape switch
    {
        "normal" => Normal(random),
        "lognormal" => Math.Exp(Normal(random)),
        // Each half as frequent as the one before, as labels are.
        "classes" => Math.Floor(-Math.Log2(1 - random.NextDouble())),
        "t3" => Normal(random) / Math.Sqrt(Enumerable.Range(0, 3).Sum(_ => Math.Pow(Normal(random), 2)) / 3),
        _ => Math.Round(2 * Normal(random)),
    };

    private static double Deviation(string shape) => shape switch
    {
        "normal" => 1,
        "lognormal" => Math.Sqrt((Math.E - 1) * Math.E),
        "t3" => Math.Sqrt(3),
        "classes" => 1 / 0.3,
        _ => 2,
    };

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
