namespace Platform.Core.Statistics;

/// <summary>How two samples interleave once the first is moved by a shift.</summary>
/// <param name="Wins">Pairs in which the second sample's value is the larger; equal ones count half.</param>
/// <param name="Deviation">Standard deviation of the wins if the samples do not differ, corrected for ties.</param>
/// <param name="HasTies">Whether a value came more than once.</param>
internal readonly record struct RankSum(double Wins, double Mean, double Deviation, bool HasTies)
{
    public static RankSum Of(RankedValues first, RankedValues second, double shift)
    {
        var (a, b) = (first.Groups, second.Groups);
        var (i, j) = (0, 0);
        var (wins, ties, below) = (0.0, 0.0, 0L);
        while (i < a.Length || j < b.Length)
        {
            var left = i < a.Length ? a[i].Value + shift : double.PositiveInfinity;
            var right = j < b.Length ? b[j].Value : double.PositiveInfinity;
            var fromFirst = left <= right ? a[i++].Count : 0;
            var fromSecond = right <= left ? b[j++].Count : 0;
            wins += fromSecond * (below + 0.5 * fromFirst);
            below += fromFirst;
            double together = fromFirst + fromSecond;
            ties += together * (together * together - 1);
        }

        double m = first.Count, n = second.Count, all = m + n;
        return new(wins, m * n / 2, Math.Sqrt(m * n / 12 * (all + 1 - ties / (all * (all - 1)))), ties > 0);
    }
}
