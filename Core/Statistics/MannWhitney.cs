namespace Platform.Core.Statistics;

/// <summary>How the p of a rank test was found.</summary>
public enum RankMethod
{
    Exact,
    Normal,
}

/// <summary>Two samples compared by their ranks, which no outlier can sway.</summary>
/// <param name="U">Pairs in which the first sample's value is the larger; equal ones count half.</param>
/// <param name="Superiority">Share of pairs in which the second sample's value is the larger.</param>
/// <param name="Shift">How much larger the second sample's values are (Hodges and Lehmann).</param>
/// <param name="Low">Lower end of the shift's interval.</param>
/// <param name="High">Upper end.</param>
public sealed record RankComparison(
    double U, double PValue, RankMethod Method, double Superiority, double Shift, double Low, double High);

/// <summary>The Mann-Whitney U test, as R's wilcox.test does it.</summary>
public static class MannWhitney
{
    /// <summary>From this many on, or with ties, the normal approximation is used.</summary>
    private const int ExactBelow = 50;

    /// <summary>Halvings of a range of shifts; after these, doubles have no more digits.</summary>
    private const int Halvings = 80;

    /// <summary>Null while a side is empty or no value differs from another.</summary>
    public static RankComparison? Compare(RankedValues first, RankedValues second, double alpha = 0.05)
    {
        if (first.Count == 0 || second.Count == 0) return null;
        var ranks = RankSum.Of(first, second, 0);
        if (ranks.Deviation == 0) return null;
        var exact = !ranks.HasTies && first.Count < ExactBelow && second.Count < ExactBelow;
        var p = exact ? ExactPValue((int)first.Count, (int)second.Count, (int)ranks.Wins) : NormalPValue(ranks, continuity: 0.5);
        var z = -Normal.Quantile(alpha / 2);
        var shift = 0.5 * (ShiftWhere(first, second, wins => wins > 0) + ShiftWhere(first, second, wins => wins >= 0));
        return new(
            2 * ranks.Mean - ranks.Wins, p, exact ? RankMethod.Exact : RankMethod.Normal, ranks.Wins / (2 * ranks.Mean), shift,
            ShiftAt(first, second, z, 0.5), ShiftAt(first, second, -z, -0.5));
    }

    /// <param name="continuity">What the difference loses for being a step: 0.5, or 0 to leave it as it is.</param>
    public static double NormalPValue(RankedValues first, RankedValues second, double continuity) =>
        NormalPValue(RankSum.Of(first, second, 0), continuity);

    private static double NormalPValue(RankSum ranks, double continuity)
    {
        var away = Math.Max(0, Math.Abs(ranks.Wins - ranks.Mean) - continuity);
        return Math.Min(1, 2 * Normal.UpperTail(away / ranks.Deviation));
    }

    private static double ShiftWhere(RankedValues first, RankedValues second, Func<double, bool> holds) =>
        Last(first, second, ranks => holds(ranks.Wins - ranks.Mean));

    /// <summary>The shift at which the second sample stands that many standard deviations above the first.</summary>
    private static double ShiftAt(RankedValues first, RankedValues second, double z, double continuity) =>
        Last(first, second, ranks => ranks.Wins - ranks.Mean - continuity > z * ranks.Deviation);

    /// <summary>The last shift at which a condition holds that fails for all larger ones.</summary>
    private static double Last(RankedValues first, RankedValues second, Func<RankSum, bool> holds)
    {
        var low = second.Groups[0].Value - first.Groups[^1].Value;
        var high = second.Groups[^1].Value - first.Groups[0].Value;
        for (var i = 0; i < Halvings; i++)
        {
            var middle = low + (high - low) / 2;
            if (holds(RankSum.Of(first, second, middle))) low = middle;
            else high = middle;
        }

        return low;
    }

    /// <summary>Twice the smaller tail of the distribution of U without ties.</summary>
    private static double ExactPValue(int first, int second, int wins)
    {
        var probabilities = Distribution(first, second);
        var below = probabilities.Take(wins + 1).Sum();
        var above = probabilities.Skip(wins).Sum();
        return Math.Min(1, 2 * Math.Min(below, above));
    }

    /// <summary>By which sample the largest value belongs to, from the smallest samples up.</summary>
    private static double[] Distribution(int first, int second)
    {
        var rows = new double[first + 1][];
        for (var j = 0; j <= second; j++)
        {
            var above = rows;
            rows = new double[first + 1][];
            rows[0] = [1];
            for (var i = 1; i <= first; i++)
            {
                rows[i] = new double[i * j + 1];
                for (var u = 0; u < rows[i].Length; u++)
                {
                    var mine = u >= j && u - j < rows[i - 1].Length ? rows[i - 1][u - j] : 0;
                    var theirs = j > 0 && u < above[i].Length ? above[i][u] : 0;
                    rows[i][u] = (i * mine + j * theirs) / (i + j);
                }
            }
        }

        return rows[first];
    }
}
