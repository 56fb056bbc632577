using Platform.Core.Rollouts;
using Platform.Core.Statistics;

namespace Platform.Core.Tests.Statistics;

public sealed class CountEProcessTests
{
    private static readonly double[] Thetas = [1.5, 2, 4];

    [Fact]
    public void LogE_ReferenceTicks_IsTheReferenceValue()
    {
        var logs = CountEProcess.Observe(CountEProcess.Start(3), Thetas, 0.05, 3, 20);
        logs = CountEProcess.Observe(logs, Thetas, 0.1, 5, 18);
        Close.Assert(6.780729, Math.Exp(CountEProcess.LogE(logs)), 1e-6);
    }

    [Fact]
    public void LogE_BeforeAnything_IsNoEvidence() => Assert.Equal(0, CountEProcess.LogE(CountEProcess.Start(5)), 12);

    [Theory]
    [InlineData(0, 3), InlineData(1, 3), InlineData(double.NaN, 0)]
    public void Observe_TickOfOneArmOnly_SaysNothing(double share, double bad) =>
        Assert.Equal(CountEProcess.Start(3), CountEProcess.Observe(CountEProcess.Start(3), Thetas, share, bad, 0));

    /// <summary>E is an expectation of at most 1 under the null whatever the share, the margin and the count.</summary>
    [Theory]
    [InlineData(0.05, 12, 1, 1), InlineData(0.5, 7, 1, 1), InlineData(0.3, 9, 3, 3), InlineData(0.3, 9, 3, 1), InlineData(0.9, 20, 1, 0.5)]
    public void LogFactor_UnderTheNull_HasAMeanOfAtMostOne(double q, int events, double margin, double odds)
    {
        var truth = odds * q / (1 + ((odds - 1) * q));
        foreach (var theta in Thetas)
        {
            var mean = Enumerable.Range(0, events + 1).Sum(bad =>
                Binomial(events, bad, truth) * Math.Exp(CountEProcess.LogFactor(q, bad, events - bad, theta * margin, margin)));
            Assert.InRange(mean, 0, 1 + 1e-9);
            if (odds.Equals(margin)) Close.Assert(1, mean, 1e-9);
        }
    }

    [Theory]
    [InlineData(40, 3, 300, 20, 0.03), InlineData(10, 1, 10, 1, 0.2), InlineData(5, 0, 200, 0, 0.01)]
    public void DropFactor_AnywhereInTheNull_HasAMeanOfAtMostOne(int nc, int xc, int ns, int xs, double margin)
    {
        Assert.True(xc <= nc && xs <= ns);
        for (var stable = 0.0; stable <= 1 - margin; stable += (1 - margin) / 8)
        {
            for (var canary = 0.0; canary <= stable + margin + 1e-12; canary += (stable + margin) / 6)
            {
                var mean = 0.0;
                for (var bad = 0; bad <= nc; bad++)
                {
                    for (var badStable = 0; badStable <= ns; badStable++)
                    {
                        var chance = Binomial(nc, bad, canary) * Binomial(ns, badStable, stable);
                        if (chance < 1e-15) continue;
                        mean += chance * Math.Exp(DropEProcess.LogFactor(new CountTick(nc, bad, ns, badStable), 0.4, 0.1, margin));
                    }
                }

                Assert.InRange(mean, 0, 1 + 1e-6);
            }
        }
    }

    [Fact]
    public void DropProcess_CanaryFarBelowTheMargin_IsProven()
    {
        Assert.True(LogE(new CountTick(10, 4, 90, 2)) > Math.Log(1e6));
        Assert.True(LogE(new CountTick(10, 0, 90, 2)) < 0);

        static double LogE(CountTick tick)
        {
            var factors = new double[2];
            DropEProcess.LogFactors(factors, [0.1, 0.4], tick, 0.02, 0.05);
            return CountEProcess.LogE(CountEProcess.Add(CountEProcess.Start(2), factors, share: 30));
        }
    }

    [Theory]
    [InlineData(.005, .01, 2369), InlineData(.005, .02, 359), InlineData(.005, .05, 65), InlineData(.001, .002, 11906), InlineData(.001, .01, 327), InlineData(.01, .02, 1177)]
    public void WaldBound_ReferenceRates_AreTheReferenceRequests(double p0, double p1, double requests) =>
        Assert.Equal(requests, Outlook.WaldBound(p0, p1, 0.01), 0.5);

    private static double Binomial(int n, int k, double p)
    {
        if (p <= 0) return k == 0 ? 1 : 0;
        if (p >= 1) return k == n ? 1 : 0;
        var log = (k * Math.Log(p)) + ((n - k) * Math.Log(1 - p));
        for (var i = 1; i <= k; i++) log += Math.Log((n - k + i) / (double)i);
        return Math.Exp(log);
    }
}
