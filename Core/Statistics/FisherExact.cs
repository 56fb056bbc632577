namespace Platform.Core.Statistics;

/// <summary>Fisher's exact test of a two-by-two table.</summary>
public static class FisherExact
{
    // As R's fisher.test does, tables this close to the observed one's probability count as equally probable.
    private const double Tie = 1e-7;

    /// <summary>
    /// Two-sided p: the probability, both margins given, of every table no more probable than the observed one,
    /// <paramref name="first"/> of <paramref name="firstOf"/> against <paramref name="second"/> of <paramref name="secondOf"/>.
    /// </summary>
    public static double PValue(long first, long firstOf, long second, long secondOf)
    {
        var table = new Table(firstOf, first + second, firstOf + secondOf);
        if (table.Lowest == table.Highest) return 1;

        var observed = table.Log(first);
        var mode = table.Mode;
        var below = first <= mode ? first : Last(table.Lowest, mode, x => table.Log(x) <= observed + Tie);
        var above = first >= mode ? first : First(mode, table.Highest, x => table.Log(x) <= observed + Tie);
        // The observed table is the mode itself: every other one is no more probable.
        if (below == above) return 1;
        return Math.Min(1, table.SumDown(below) + table.SumUp(above));
    }

    /// <summary>The first x in [from, to] at which a condition that stays true once it is true holds; to + 1 if none.</summary>
    private static long First(long from, long to, Func<long, bool> holds)
    {
        var (no, yes) = (from - 1, to + 1);
        while (yes - no > 1)
        {
            var middle = no + (yes - no) / 2;
            if (holds(middle)) yes = middle;
            else no = middle;
        }

        return yes;
    }

    /// <summary>The same from above: the last x in [from, to]; from - 1 if none.</summary>
    private static long Last(long from, long to, Func<long, bool> holds) => -First(-to, -from, x => holds(-x));

    private readonly record struct Table(long Drawn, long Marked, long Total)
    {
        public long Lowest => Math.Max(0, Marked + Drawn - Total);

        public long Highest => Math.Min(Drawn, Marked);

        public long Mode => (long)((Int128)(Drawn + 1) * (Marked + 1) / (Total + 2));

        public double Log(long x) => Hypergeometric.LogProbability(x, Drawn, Marked, Total);

        /// <summary>P(X &lt;= from), from the largest term to where terms no longer count.</summary>
        public double SumDown(long from)
        {
            if (from < Lowest) return 0;
            var term = Math.Exp(Log(from));
            var sum = term;
            for (var x = from; x > Lowest && sum + term != sum; x--)
            {
                term *= (double)x / (Marked - x + 1) * (Total - Marked - Drawn + x) / (Drawn - x + 1);
                sum += term;
            }

            return sum;
        }

        /// <summary>P(X >= from), likewise.</summary>
        public double SumUp(long from)
        {
            if (from > Highest) return 0;
            var term = Math.Exp(Log(from));
            var sum = term;
            for (var x = from; x < Highest && sum + term != sum; x++)
            {
                term *= (double)(Marked - x) / (x + 1) * (Drawn - x) / (Total - Marked - Drawn + x + 1);
                sum += term;
            }

            return sum;
        }
    }
}
