using Platform.Core.Resilience;

namespace Platform.Core.Tests.Resilience;

public sealed class OutlierRulesTests
{
    [Theory]
    [InlineData(10, 10, 100, 100, "")]
    [InlineData(10, 31, 100, 100, "b")]
    [InlineData(10, 29, 100, 100, "")]
    [InlineData(1, 20, 100, 100, "")]
    [InlineData(10, 1_000, 100, 19, "")]
    [InlineData(10, 1_000, 19, 100, "")]
    public void Slow_ComparedWithPeers_Goes(double firstMs, double secondMs, int firstRequests, int secondRequests, string expected) =>
        Assert.Equal(expected, Choose(new("a", firstRequests, firstMs, 0, false), new("b", secondRequests, secondMs, 0, false)));

    [Theory]
    [InlineData(0, 50, "b")]
    [InlineData(0, 49, "")]
    [InlineData(25, 100, "")]
    public void Failing_WherePeersDoNot_Goes(int firstFailures, int secondFailures, string expected) =>
        Assert.Equal(expected, Choose(new("a", 100, 10, firstFailures, false), new("b", 100, 10, secondFailures, false)));

    [Fact]
    public void AtMostHalf_AreOut()
    {
        Assert.Equal("d,c", Choose(new("a", 100, 1, 0, false), new("b", 100, 1, 0, false), new("e", 100, 1, 0, false), new("c", 100, 500, 0, false), new("d", 100, 900, 0, false)));
        Assert.Equal("", Choose(new("a", 100, 1, 0, false), new("b", 0, 0, 0, true), new("c", 100, 500, 0, false)));
        Assert.Equal("", Choose(new WorkerScore("a", 100, 900, 100, false)));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(100, 300)]
    public void Ejection_GetsLonger(int ejections, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), OutlierRules.EjectFor(ejections));

    [Fact]
    public void HedgeBudget_IsAShareOfTheFirstRequests()
    {
        var budget = new HedgeBudget(0.1);
        var spent = 0;
        for (var i = 0; i < 1_000; i++)
        {
            budget.Earn();
            if (budget.TrySpend()) spent++;
        }

        Assert.InRange(spent, 99, 102);
    }

    private static string Choose(params WorkerScore[] scores) => string.Join(',', OutlierRules.Choose(scores));
}
