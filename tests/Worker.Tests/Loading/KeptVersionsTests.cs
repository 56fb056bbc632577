using Microsoft.Extensions.DependencyInjection;
using Platform.Core.Batching;
using Platform.Core.Serving;
using Platform.Worker.Loading;
using Platform.Worker.Onnx;
using Platform.Worker.Serving;
using Platform.Worker.Tests.Support;

namespace Platform.Worker.Tests.Loading;

public sealed class KeptVersionsTests
{
    private static readonly (string, string) AtOnce = ("Worker:UnloadDelay", "00:00:00");

    [Fact]
    public async Task VersionThatIsWantedAgain_IsTheOneThatWasKept()
    {
        await using var host = await WorkerHost.StartAsync(AtOnce);
        var placed = await host.PlaceAsync("1.0.0", Digits.Model("1.0.0"));
        await host.SettleAsync("digits", placed);
        var first = Assert.Single(Served(host));
        await host.SettleAsync("digits");
        Assert.Empty(Served(host));
        Assert.False(first.IsFreed);
        var limits = new ServingLimits(MaxQueue: 7);
        await host.SettleAsync("digits", placed with { Config = new DeploymentConfig(Limits: limits) });
        Assert.Same(first, Assert.Single(Served(host)));
        Assert.Equal(limits, first.Limits);
    }

    [Fact]
    public async Task VersionThatNobodyWants_IsFreedAfterItsTime()
    {
        await using var host = await WorkerHost.StartAsync(AtOnce, ("Worker:KeepUnwanted", "00:00:00"));
        await host.SettleAsync("digits", await host.PlaceAsync("1.0.0", Digits.Model("1.0.0")));
        var version = Assert.Single(Served(host));
        await host.SettleAsync("digits");
        Assert.True(version.IsFreed);
    }

    [Fact]
    public async Task VersionThatNeedsRoom_TakesThatOfTheOneWantedLongestAgo()
    {
        await using var host = await WorkerHost.StartAsync(("Worker:MemoryBudget", $"{1_000 << 20}"));
        var kept = host.Services.GetRequiredService<KeptVersions>();
        var placed = await host.PlaceAsync("1.0.0", Digits.Model("1.0.0"));
        var versions = Enumerable.Range(1, 3).Select(i => Version(placed with { Version = $"{i}.0.0" }, 300 << 20)).ToArray();
        foreach (var version in versions) kept.Keep(version);
        // The first is wanted again for a while, and so is not the one that was wanted longest ago.
        kept.Keep(kept.Take(versions[0].Id)!);
        kept.MakeRoom(Large(placed, 90 << 20));
        Assert.Equal([false, true, false], versions.Select(version => version.IsFreed));
        kept.MakeRoom(Large(placed, 300 << 20));
        Assert.Equal([false, true, true], versions.Select(version => version.IsFreed));
        Assert.Throws<UnusableModelException>(() => kept.MakeRoom(Large(placed, 500 << 20)));
    }

    [Fact]
    public async Task VersionThatDoesNotFit_IsRefusedWithFigures_UntilThereIsRoom()
    {
        var (one, two) = (Digits.Model("1.0.0"), Digits.Model("1.1.0"));
        var budget = KeptVersions.Estimate(Math.Max(one.Length, two.Length)) + 1;
        await using var host = await WorkerHost.StartAsync(AtOnce, ("Worker:MemoryBudget", $"{budget}"));
        var (first, second) = (await host.PlaceAsync("1.0.0", one), await host.PlaceAsync("1.1.0", two));
        await host.SettleAsync("digits", first, second);
        var refused = host.Services.GetRequiredService<LoadReport>().Versions.Single(version => version.State == LoadState.Failed);
        Assert.Equal("1.1.0", refused.Version);
        Assert.Matches("needs about [0-9]+ MiB, and of the [0-9]+ MiB .*Worker:MemoryBudget.* [0-9]+ MiB are taken by 1 ", refused.Reason);
        await host.SettleAsync("digits");
        await host.SettleAsync("digits", second);
        Assert.Equal("1.1.0", Assert.Single(Served(host)).Id.Version);
    }

    private static ServedVersion Version(PlacedVersion placed, long footprint) => new(
        VersionId.Of("digits", placed), OnnxModel.Load(Digits.Model("1.0.0"), Device.Cpu, new Devices()), placed.Config,
        VersionProfile.Never(BatchSafety.NotChecked), footprint);

    private static PlacedVersion Large(PlacedVersion placed, long bytes) =>
        placed with { Artifact = placed.Artifact with { SizeBytes = bytes } };

    private static IEnumerable<ServedVersion> Served(WorkerHost host) => host.Services.GetRequiredService<ServedVersions>().All;
}
