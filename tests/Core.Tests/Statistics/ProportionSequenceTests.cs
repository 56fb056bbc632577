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
        Assert.Equal(1, waiting.PValue);
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
    public void Evidence_ShrinksTheIntervalAroundTheEstimate()
    {
        var (early, late) = (Steady(2_000), Steady(100_000));

        var (wide, narrow) = (early.Interval(0.05)!.Value, late.Interval(0.05)!.Value);
        Assert.InRange(0.02, wide.Low, wide.High);
        Assert.InRange(0.02, narrow.Low, narrow.High);
        Assert.True(narrow.High - narrow.Low < 0.3 * (wide.High - wide.Low));
        Assert.True(early.PValue > 0.05 && late.PValue < 1e-6);
        Assert.True(narrow.Low > 0 && late.Interval(0.001)!.Value.Low < narrow.Low);
    }

    [Fact]
    public void Evidence_OfArmsThatCameOneAfterTheOther_IsThatOfTheTotals()
    {
        var found = new ProportionEvidence(ProportionSequence.Empty.Observe(2_000, 1_000, 1, 1), new(2_000, 1_000, 2_000, 1_400));

        Assert.True(found.PValue < 1e-6);
        Assert.InRange(found.Interval(0.05)!.Value.Low, 0.1, 0.2);
        Assert.InRange(found.Interval(0.05)!.Value.High, 0.2, 0.3);
        Assert.Equal(1, new ProportionEvidence(ProportionSequence.Empty, new(2_000, 1_000, 2_000, 1_010)).PValue);
        Assert.Null(new ProportionEvidence(ProportionSequence.Empty, new(5, 1, 0, 0)).Interval(0.05));
    }

    /// <summary>Summed over every outcome, the evidence of the totals is worth at most 1 too.</summary>
    [Fact]
    public void LogEvidence_OfTotals_IsExpectedToBeAtMostOne() => Cases.Sample((_, _, m, n, share, difference) =>
    {
        var other = share + difference;
        if (other is < 0 or > 1) return;
        var expected = 0.0;
        for (var x = 0; x <= m; x++)
        {
            for (var y = 0; y <= n; y++)
                expected += Binomial(x, m, share) * Binomial(y, n, other) * Math.Exp(ProportionMixture.LogEvidence(m, x, n, y, difference));
        }

        Assert.InRange(expected, 0, 1 + 1e-6);
    }, iter: 400);

    /// <summary>10 % against 12 %, without noise.</summary>
    private static ProportionEvidence Steady(int count)
    {
        var sequence = ProportionSequence.Empty;
        for (var n = 50; n <= count; n += 50) sequence = sequence.Observe(n, n / 10, n, (long)Math.Round(0.12 * n));
        return new(sequence, new(count, count / 10, count, (long)Math.Round(0.12 * count)));
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
