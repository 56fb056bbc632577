using CsCheck;
using Platform.Core.Statistics;

namespace Platform.Core.Tests.Statistics;

public sealed class ProportionSequenceTests
{
    /// <summary>The heart of the method: summed over every outcome of a block, the evidence is worth at most 1, whatever the shares.</summary>
    [Fact]
    public void LogEvidence_OfABlock_IsExpectedToBeAtMostOne() => Cases.Sample((events1, events2, m, n, share, difference) =>
    {
        var other = share + difference;
        if (other is < 0 or > 1) return;
        var before = ProportionSequence.Empty.Observe(10, events1, 12, events2);
        var expected = 0.0;
        for (var x = 0; x <= m; x++)
        {
            for (var y = 0; y <= n; y++)
            {
                var after = before.Observe(10 + m, events1 + x, 12 + n, events2 + y);
                var factor = Math.Exp(after.LogEvidence(difference) - before.LogEvidence(difference));
                expected += Binomial(x, m, share) * Binomial(y, n, other) * factor;
            }
        }

        Assert.InRange(expected, 0, 1 + 1e-6);
    }, iter: 400);

    [Fact]
    public void Observe_WaitsUntilBothArmsHaveSomething()
    {
        var waiting = ProportionSequence.Empty.Observe(5, 3, 0, 0);
        Assert.Empty(waiting.Blocks);
        Assert.Equal((1, new Interval(-1, 1)), (waiting.PValue, waiting.Interval(0.05)));
        Assert.Equal([new ProportionBlock(7, 3, 2, 1)], waiting.Observe(7, 3, 2, 1).Blocks);
    }

    [Fact]
    public void Observe_OfHundredMillions_KeepsFewBlocks()
    {
        var sequence = ProportionSequence.Empty;
        for (var count = 1L; count < 200_000_000; count += Math.Max(1, count / 1_000)) sequence = sequence.Observe(count, count / 10, count, count / 10);
        Assert.InRange(sequence.Blocks.Length, 300, 400);
    }

    [Fact]
    public void Interval_HoldsTheEstimateAndShrinks()
    {
        var (early, late) = (Steady(2_000), Steady(100_000));

        Assert.InRange(0.02, early.Interval(0.05).Low, early.Interval(0.05).High);
        Assert.InRange(0.02, late.Interval(0.05).Low, late.Interval(0.05).High);
        Assert.True(late.Interval(0.05).High - late.Interval(0.05).Low < 0.3 * (early.Interval(0.05).High - early.Interval(0.05).Low));
        Assert.True(early.PValue > 0.05 && late.PValue < 1e-6);
        Assert.True(late.Interval(0.05).Low > 0 && late.Interval(0.001).Low < late.Interval(0.05).Low);
    }

    /// <summary>10 % against 12 %, without noise.</summary>
    private static ProportionSequence Steady(int count)
    {
        var sequence = ProportionSequence.Empty;
        for (var n = 50; n <= count; n += 50) sequence = sequence.Observe(n, n / 10, n, (long)Math.Round(0.12 * n));
        return sequence;
    }

    private static readonly Gen<(int Events1, int Events2, int M, int N, double Share, double Difference)> Cases = Gen.Select(
        Gen.Int[0, 10], Gen.Int[0, 12], Gen.Int[1, 5], Gen.Int[1, 5], Gen.Double[0, 1], Gen.OneOf(Gen.Const(0.0), Gen.Double[-0.9, 0.9]));

    private static double Binomial(int x, int n, double p)
    {
        var ways = 1.0;
        for (var i = 1; i <= x; i++) ways = ways * (n - x + i) / i;
        return ways * Math.Pow(p, x) * Math.Pow(1 - p, n - x);
    }
}
