namespace Platform.Core.Statistics;

/// <summary>
/// The largest absolute value of a Brownian bridge at given moments: what the Kolmogorov-Smirnov statistic tends to
/// when it is taken at the bins' edges only, or on data with ties, where the usual critical values are too large.
/// </summary>
public static class BridgeOnGrid
{
    /// <summary>Points on which the bridge's density above zero is kept; below it is the mirror image.</summary>
    private const int States = 40;

    /// <summary>A step that is narrower than so many states tells nothing new and would be lost between them.</summary>
    private const double NarrowStep = 1.5;

    /// <summary>Of a quantile, and how much further than the exact bounds it may lie by the rounding of the states.</summary>
    private const double Precision = 1e-4;
    private const double Slack = 0.02;

    /// <summary>Beyond so many deviations a normal density is nothing.</summary>
    private const double Reach = 6;

    /// <summary>Below this the sum over moments is the better figure.</summary>
    private const double Accuracy = 1e-4;

    /// <summary>P(max |B(t)| &gt; <paramref name="height"/>) over moments in (0, 1), ascending.</summary>
    public static double UpperTail(double height, ReadOnlySpan<double> moments)
    {
        if (height <= 0) return 1;
        var bound = 0.0;
        foreach (var t in moments) bound += 2 * Normal.UpperTail(height / Math.Sqrt(t * (1 - t)));
        return bound < Accuracy ? bound : Math.Clamp(1 - Staying(height, moments), 0, Math.Min(1, bound));
    }

    /// <summary>The height that is passed with that probability.</summary>
    public static double Quantile(double probability, double[] moments)
    {
        if (moments.Length == 0) return 0;
        var widest = moments.Max(t => Math.Sqrt(t * (1 - t)));
        // Not below what the widest moment alone needs, and not above what all need if no two passed together.
        var (low, high) = (-Normal.Quantile(probability / 2) * widest, -Normal.Quantile(probability / 2 / moments.Length) * widest);
        // By halves: moments that are passed over as too narrow can move the root out of these bounds a little.
        for ((low, high) = (low * (1 - Slack), high * (1 + Slack)); high - low > Precision;)
        {
            var middle = (low + high) / 2;
            if (UpperTail(middle, moments) > probability) low = middle;
            else high = middle;
        }

        return high;
    }

    /// <summary>The bridge is a Markov chain: given B(s) = x, B(t) is normal around x(1−t)/(1−s).</summary>
    private static double Staying(double height, ReadOnlySpan<double> moments)
    {
        var width = height / States;
        var now = new double[States];
        var next = new double[States];
        var at = 0.0;
        foreach (var t in moments)
        {
            var spread = Math.Sqrt((t - at) * (1 - t) / (1 - at));
            if (spread < NarrowStep * width) continue;
            var pull = (1 - t) / (1 - at);
            for (var j = 0; j < States; j++)
            {
                var y = (j + 0.5) * width;
                // At the beginning all of it is at zero.
                next[j] = at == 0 ? Normal.Density(y / spread) / spread : Arrive(now, y, pull, spread, width);
            }

            (now, next, at) = (next, now, t);
        }

        return at == 0 ? 1 : 2 * width * now.Sum();
    }

    private static double Arrive(double[] from, double y, double pull, double spread, double width)
    {
        var sum = 0.0;
        for (var i = 0; i < States; i++)
        {
            var mean = (i + 0.5) * width * pull;
            if (Math.Abs(y - mean) < Reach * spread) sum += from[i] * Normal.Density((y - mean) / spread);
            if (y + mean < Reach * spread) sum += from[i] * Normal.Density((y + mean) / spread);
        }

        return sum * width / spread;
    }
}
