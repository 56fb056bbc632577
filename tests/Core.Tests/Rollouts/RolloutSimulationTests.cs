using Platform.Simulations.Rollouts;

namespace Platform.Core.Tests.Rollouts;

/// <summary>
/// What is promised of the judge, on fewer runs than the table has (tests/Simulations) and so with a margin: a count
/// that the promised rate exceeds in less than one of a thousand such tests.
/// </summary>
public sealed class RolloutSimulationTests
{
    private const int Runs = 100;

    /// <summary>At a rate of 1 %, more than five of a hundred come up in one of two thousand tests.</summary>
    private const int MostAtOnePercent = 5;

    /// <summary>At a rate of 2.5 %, more than eight of a hundred.</summary>
    private const int MostAtTwoAndAHalfPercent = 8;

    [Theory]
    [InlineData(2, Traffic.Flat), InlineData(20, Traffic.Daily), InlineData(200, Traffic.Flat), InlineData(200, Traffic.SharedIncident)]
    [InlineData(2, Traffic.SharedIncident), InlineData(20, Traffic.SharedIncident)]
    public void HealthyCanary_IsHardlyEverRolledBack(double perSecond, Traffic traffic) =>
        Assert.InRange(FalseRollbacks(new(perSecond, traffic)), 0, MostAtOnePercent);

    [Fact]
    public void HealthyCanary_AtHighVolume_IsHardlyEverRolledBack() =>
        Assert.InRange(FalseRollbacks(new(2_000, Traffic.SharedIncident), runs: 40), 0, 3);

    [Theory]
    [InlineData(20, Traffic.SharedIncident), InlineData(200, Traffic.Flat)]
    public void HealthyCanary_JudgedClassByClass_IsHardlyEverRolledBack(double perSecond, Traffic traffic) =>
        Assert.InRange(FalseRollbacks(new(perSecond, traffic, ByClass: true), runs: 40), 0, 3);

    [Fact]
    public void HealthyCanary_WithTraffic_IsPromotedByTheMachine()
    {
        var results = RolloutSimulation.Run(new(200, Traffic.Flat), 60);
        Assert.InRange(results.Count(result => result.IsPromoted), 50, 60);
        Assert.DoesNotContain(RolloutSimulation.Run(new(0.01, Traffic.Flat), 20), result => result.IsPromoted);
    }

    [Fact]
    public void HealthyCanary_WithNoisyArms_IsSeldomRolledBack() =>
        Assert.InRange(FalseRollbacks(new(200, Traffic.Flat, ArmCv: 0.3)), 0, MostAtTwoAndAHalfPercent);

    /// <summary>Errors of 0.5 % that become 5 % or 2 %, at 5 % of 200 requests/s.</summary>
    [Theory]
    [InlineData(10, 60), InlineData(4, 240)]
    public void BrokenCanary_IsFoundInTime(double factor, double secondsP95)
    {
        const double Slack = 1.1, Ticks = 2;
        var found = RolloutTable.DetectionSeconds(200, factor, runs: 200);
        Assert.Equal(200, found.Length);
        Assert.InRange(found[189], 0, secondsP95);
        Assert.InRange(found.Average(), 0, (1.6 * Slack * RolloutTable.WaldSeconds(200, factor)) + Ticks);
    }

    [Fact]
    public void Simulation_WithTheSameSeed_IsTheSame() => Assert.Equal(
        RolloutSimulation.Run(new(200, Traffic.Flat, ErrorFactor: 10), 5), RolloutSimulation.Run(new(200, Traffic.Flat, ErrorFactor: 10), 5));

    private static int FalseRollbacks(Scenario scenario, int runs = Runs) =>
        RolloutSimulation.Run(scenario, runs).Count(result => result.FailedAt is not null);
}
