using System.Numerics;
using CsCheck;
using Platform.Core.Statistics;

namespace Platform.Core.Tests.Statistics;

public sealed class FisherExactTests
{
    [Theory]
    [InlineData(10, 10_000, 25, 10_000, 0.016580455318318), InlineData(3, 10, 8, 10, 0.0697785186949274)]
    [InlineData(0, 50, 6, 50, 0.0266610763083905), InlineData(1, 20, 9, 25, 0.0270526487202607), InlineData(0, 1_000, 0, 1_000, 1)]
    [InlineData(2, 100_000, 30, 200_000, 0.000514210092239624), InlineData(5, 5, 0, 5, 0.00793650793650794), InlineData(9, 2_000, 4, 1_000, 1)]
    public void PValue_MatchesTheReference(long a, long n, long b, long m, double expected) =>
        Close.Assert(expected, FisherExact.PValue(a, n, b, m), 1e-9);

    [Fact]
    public void PValue_OfSmallTables_IsTheExactSum() => Tables(60).Sample(
        (a, n, b, m) => Close.Assert(Exact(a, n, b, m), FisherExact.PValue(a, n, b, m), 1e-9), iter: 2_000);

    [Fact]
    public void PValue_IsTheSameFromEitherSide() => Tables(5_000).Sample((a, n, b, m) =>
    {
        var p = FisherExact.PValue(a, n, b, m);
        Assert.InRange(p, 0, 1);
        Close.Assert(p, FisherExact.PValue(b, m, a, n), 1e-9);
        Close.Assert(p, FisherExact.PValue(n - a, n, m - b, m), 1e-9);
    });

    [Fact]
    public void PValue_OfABillion_IsFoundWithoutWalkingThroughThem()
    {
        // Against so many, five of a million are a Poisson count with mean 100; both tails are below 1e-20.
        Assert.InRange(FisherExact.PValue(5, 1_000_000, 100_000, 1_000_000_000), 1e-40, 1e-20);
        Assert.InRange(FisherExact.PValue(8, 100_000_000, 400_000_000, 1_000_000_000), 0, 1e-300);
    }

    private static Gen<(long A, long N, long B, long M)> Tables(long most) =>
        from n in Gen.Long[0, most]
        from m in Gen.Long[0, most]
        from a in Gen.Long[0, n]
        from b in Gen.Long[0, m]
        select (a, n, b, m);

    private static double Exact(long a, long n, long b, long m)
    {
        var ways = Enumerable.Range(0, (int)Math.Min(n, a + b) + 1)
            .Where(x => a + b - x <= m)
            .ToDictionary(x => (long)x, x => Choose(n, x) * Choose(m, a + b - x));
        var (sum, all) = (BigInteger.Zero, BigInteger.Zero);
        foreach (var way in ways.Values)
        {
            all += way;
            if (way * 10_000_000 <= ways[a] * 10_000_001) sum += way;
        }

        return (double)(sum * BigInteger.Pow(10, 60) / all) / 1e60;
    }

    private static BigInteger Choose(long n, long k)
    {
        var ways = BigInteger.One;
        for (var i = 1; i <= k; i++) ways = ways * (n - k + i) / i;
        return ways;
    }
}
