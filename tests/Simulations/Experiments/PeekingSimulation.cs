using Platform.Core.Statistics;

namespace Platform.Simulations.Experiments;

/// <summary>Outcomes without an effect, looked at after every unit: how often is one found all the same?</summary>
internal static class PeekingSimulation
{
    private const int BurnIn = 100;

    /// <summary>Share of the paths on which the exact e-process of proportions falls for it.</summary>
    public static double Proportions(double share, double alpha, int paths, int units, int seed) => Rate(paths, seed, random =>
    {
        var sequence = ProportionSequence.Empty;
        var counts = new long[4];
        for (var unit = 0; unit < units; unit++)
        {
            var arm = random.Next(2);
            counts[2 * arm]++;
            if (random.NextDouble() < share) counts[2 * arm + 1]++;
            var next = sequence.Observe(counts[0], counts[1], counts[2], counts[3]);
            sequence = next;
        }

        // The smallest p of all looks is what the last one tells.
        return sequence.PValue <= alpha;
    });

    /// <summary>The same for the asymptotic confidence sequence of means.</summary>
    public static double Means(Func<Random, double> draw, double alpha, double tuning, int paths, int units, int seed) =>
        Rate(paths, seed, random =>
        {
            var arms = new Sums[2];
            for (var unit = 0; unit < units; unit++)
            {
                arms[random.Next(2)].Add(draw(random));
                if (arms[0].Count < BurnIn || arms[1].Count < BurnIn) continue;
                var (a, b) = (arms[0].Moments, arms[1].Moments);
                var error = Math.Sqrt(a.MeanVariance + b.MeanVariance);
                if (AsymptoticSequence.Look(b.Mean - a.Mean, error, a.Count + b.Count, alpha, tuning).PValue <= alpha) return true;
            }

            return false;
        });

    /// <summary>For comparison: the ordinary z test after every unit, as an impatient person would.</summary>
    public static double NaiveMeans(Func<Random, double> draw, double alpha, int paths, int units, int seed)
    {
        var critical = -Normal.Quantile(alpha / 2);
        return Rate(paths, seed, random =>
        {
            var arms = new Sums[2];
            for (var unit = 0; unit < units; unit++)
            {
                arms[random.Next(2)].Add(draw(random));
                if (arms[0].Count < BurnIn || arms[1].Count < BurnIn) continue;
                var (a, b) = (arms[0].Moments, arms[1].Moments);
                if (Math.Abs(b.Mean - a.Mean) > critical * Math.Sqrt(a.MeanVariance + b.MeanVariance)) return true;
            }

            return false;
        });
    }

    /// <summary>Five looks at equal distances, each with its own critical value.</summary>
    public static double FiveLooks(Func<int, double> critical, int paths, int seed) => Rate(paths, seed, random =>
    {
        var sum = 0.0;
        for (var look = 1; look <= 5; look++)
        {
            sum += Draws.Normal(random);
            if (Math.Abs(sum) / Math.Sqrt(look) > critical(look)) return true;
        }

        return false;
    });

    internal static double Rate(int paths, int seed, Func<Random, bool> found)
    {
        var count = 0;
        for (var path = 0; path < paths; path++)
        {
            if (found(new Random(seed + path))) count++;
        }

        return (double)count / paths;
    }

    private struct Sums
    {
        private double sum;
        private double squares;

        public long Count { get; private set; }

        public readonly SampleMoments Moments => SampleMoments.FromSums(Count, sum, squares);

        public void Add(double value)
        {
            Count++;
            sum += value;
            squares += value * value;
        }
    }
}
