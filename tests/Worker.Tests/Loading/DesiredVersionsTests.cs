using System.Collections.Immutable;
using Platform.Core.Serving;
using Platform.Worker.Loading;
using Platform.Worker.Serving;

namespace Platform.Worker.Tests.Loading;

public sealed class DesiredVersionsTests
{
    private static readonly PlacedVersion Everywhere = LoadPlannerTests.Placed(new VersionId("m", "1.0.0", "a", Device.Cpu));
    private static readonly PlacedVersion Once = Everywhere with { Config = new DeploymentConfig(Replicas: 1) };

    [Fact]
    public void Of_NoReplicasGiven_LoadsOnEachWorker() =>
        Assert.True(Assert.Single(DesiredVersions.Of("w1", [Plan(Everywhere)], [Lease("w1"), Lease("w2")])).LoadsHere);

    [Fact]
    public void Of_OneReplica_LoadsOnOneWorker()
    {
        string[] names = ["w1", "w2", "w3"];
        WorkerLease[] leases = [.. names.Select(name => Lease(name))];
        Assert.Single(names, name => DesiredVersions.Of(name, [Plan(Once)], leases).Any(wish => wish.LoadsHere));
    }

    [Fact]
    public void Of_PlacedElsewhere_IsKeptUntilTheOtherIsReady()
    {
        var (chosen, other) = Choose();
        Assert.False(Assert.Single(DesiredVersions.Of(other, [Plan(Once)], [Lease(chosen), Lease(other)])).LoadsHere);
        Assert.Empty(DesiredVersions.Of(other, [Plan(Once)], [Lease(chosen, ready: true), Lease(other)]));
    }

    [Fact]
    public void Of_ChosenWorkerDrains_LoadsHere()
    {
        var (chosen, other) = Choose();
        var wish = Assert.Single(DesiredVersions.Of(other, [Plan(Once)], [Lease(chosen, ready: true) with { Draining = true }, Lease(other)]));
        Assert.True(wish.LoadsHere);
    }

    [Fact]
    public void Of_OwnLeaseIsNotListed_CountsItself() =>
        Assert.True(Assert.Single(DesiredVersions.Of("w1", [Plan(Once)], [])).LoadsHere);

    [Fact]
    public void See_WorkerThatVanishes_CountsForTheGrace()
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var live = new LiveWorkers(TimeSpan.FromSeconds(3));
        Assert.Equal(2, live.See([Lease("w1"), Lease("w2")], now).Length);
        Assert.Equal(2, live.See([Lease("w1")], now.AddSeconds(3)).Length);
        Assert.Equal("w1", Assert.Single(live.See([Lease("w1")], now.AddSeconds(4))).Id);
    }

    [Fact]
    public void See_WorkerThatSaidGoodbye_IsGoneAtOnce()
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var live = new LiveWorkers(TimeSpan.FromSeconds(3));
        live.See([Lease("w1") with { Draining = true }], now);
        Assert.Empty(live.See([], now.AddMilliseconds(1)));
    }

    private static (string Chosen, string Other) Choose() =>
        Placement.Choose("m", "1.0.0", 1, ["w1", "w2"]).Single() == "w1" ? ("w1", "w2") : ("w2", "w1");

    private static ModelPlan Plan(PlacedVersion placed) => new("m", 1, [placed], []);

    private static WorkerLease Lease(string id, bool ready = false) => new(
        id,
        new Uri("http://localhost"),
        "cpu",
        ready ? [new LoadedVersion("m", "1.0.0", "a", LoadState.Ready)] : ImmutableArray<LoadedVersion>.Empty,
        0, 0, false, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
}
