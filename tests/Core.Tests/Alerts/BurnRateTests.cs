using Platform.Core.Alerts.Kinds;
using Platform.Core.Alerts.Machine;

namespace Platform.Core.Tests.Alerts;

public sealed class BurnRateTests
{
    [Theory]
    [InlineData(0.001)]
    [InlineData(0.01)]
    [InlineData(0.1)]
    [InlineData(1)]
    public void Pages_HealthyServiceOverAMonth_AreAtMostOne(double requestsPerSecond)
    {
        foreach (var objective in new[] { 0.99, 0.999 })
        {
            var pages = Enumerable.Range(0, 2).Select(seed => new BurnSimulation(requestsPerSecond, objective, new Random(seed)).Pages(30)).ToArray();
            Assert.True(pages.Max() <= 1, $"objective {objective}: {string.Join(' ', pages)}");
        }
    }

    [Fact]
    public void Pages_PlainRuleAtLowTraffic_AreMany()
    {
        // Otherwise the simulation above shows nothing.
        Assert.True(new BurnSimulation(0.01, 0.999, new Random(1)).Pages(30, isPlain: true) > 3);
    }

    [Theory]
    [InlineData(1, 14.4)]
    [InlineData(10, 14.4)]
    [InlineData(1, 100)]
    public void Detection_StepInErrors_IsAsFastAsThePlainRule(double requestsPerSecond, double burn)
    {
        var (ours, plain) = (0.0, 0.0);
        for (var seed = 0; seed < 10; seed++)
        {
            ours += new BurnSimulation(requestsPerSecond, 0.999, new Random(seed)).Detection(burn)!.Value;
            plain += new BurnSimulation(requestsPerSecond, 0.999, new Random(seed)).Detection(burn, isPlain: true)!.Value;
        }

        Assert.True(ours <= 1.1 * plain, $"{ours / 10} minutes, the plain rule {plain / 10}");
    }

    [Fact]
    public void Judge_ErrorsOnlyLongAgo_IsClear()
    {
        var judged = BurnRate.Judge(0.999, 5, window => window < TimeSpan.FromHours(1) ? new(0, 100) : new(100, 4000));
        Assert.Equal(SeriesVerdict.Clear, BurnRate.Judge(0.999, 5, window => window < TimeSpan.FromHours(7) && window != TimeSpan.FromHours(1) ? new(0, 100) : new(100, 4000)).Verdict);
        Assert.NotEqual(BurnReason.NoRequests, judged.Reason);
    }

    [Fact]
    public void Judge_TrafficCeasedDuringABurn_IsMissingAndNotClear()
    {
        var judged = BurnRate.Judge(0.999, 5, window => window <= TimeSpan.FromMinutes(30) || window == TimeSpan.FromHours(2) || window == TimeSpan.FromHours(6) ? default : new(100, 1000));
        Assert.Equal((SeriesVerdict.Missing, BurnReason.ShortWindowEmpty), (judged.Verdict, judged.Reason));
        Assert.Equal(SeriesVerdict.Missing, BurnRate.Judge(0.999, 5, _ => default).Verdict);
    }

    [Theory]
    [InlineData(4, BurnReason.TooFewBadEvents)]
    [InlineData(40, BurnReason.Burning)]
    [InlineData(0, BurnReason.WithinBudget)]
    public void Judge_FloorOfBadEvents_HoldsBackTheFew(int bad, BurnReason expected) =>
        Assert.Equal(expected, BurnRate.Judge(0.999, 5, _ => new(bad, 100)).Reason);
}
