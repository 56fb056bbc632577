using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Platform.Core.Models;
using Platform.Silo.Models;

namespace Platform.Silo.Tests;

/// <summary>Files that a process left behind which died between an upload's file and its version.</summary>
[Collection(nameof(FlakyStorage))] // Others have files without owner for a moment.
public sealed class UnownedFileTests(Cluster cluster)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private UnownedFiles Sweeper(TimeSpan later) => new(
        cluster.Service<IGrainFactory>(), cluster.IndexStore, cluster.Artifacts,
        new FakeTimeProvider(TimeProvider.System.GetUtcNow() + later), NullLogger<UnownedFiles>.Instance);

    private Task<ArtifactInfo> StoreAsync() => cluster.StoreAsync($"unowned {Guid.NewGuid():n}");

    [Fact]
    public async Task Sweep_AFileWithoutOwner_GoesAtTheSecondLook()
    {
        var file = await StoreAsync();
        var sweeper = Sweeper(UnownedFiles.Age + TimeSpan.FromMinutes(1));

        await sweeper.SweepAsync(Cancellation);
        Assert.True(await cluster.HasFileAsync(file));
        await sweeper.SweepAsync(Cancellation);

        Assert.False(await cluster.HasFileAsync(file));
    }

    [Fact]
    public async Task Sweep_AFileThatIsYoungOrOwnedOrHeld_Stays()
    {
        var (_, model) = await cluster.NewModelAsync();
        var owned = await cluster.RegisterWithFileAsync(model, "1.0.0", $"owned {Guid.NewGuid():n}");
        var held = await StoreAsync();
        await cluster.Index.HoldAsync(held.Sha256);
        var sweeper = Sweeper(UnownedFiles.Age + TimeSpan.FromMinutes(1));
        for (var look = 0; look < 3; look++) await sweeper.SweepAsync(Cancellation);
        Assert.True(await cluster.HasFileAsync(owned));
        Assert.True(await cluster.HasFileAsync(held));

        var young = await StoreAsync();
        sweeper = Sweeper(UnownedFiles.Age - TimeSpan.FromMinutes(1));
        for (var look = 0; look < 3; look++) await sweeper.SweepAsync(Cancellation);
        Assert.True(await cluster.HasFileAsync(young));
    }

    [Fact]
    public async Task Sweep_AFileThatFoundItsOwnerBetweenTwoLooks_Stays()
    {
        var (_, model) = await cluster.NewModelAsync();
        await model.RegisterVersionAsync("1.0.0", Cluster.VersionMetadata, "ann");
        var file = await StoreAsync();
        var sweeper = Sweeper(UnownedFiles.Age + TimeSpan.FromMinutes(1));
        await sweeper.SweepAsync(Cancellation);
        await model.AttachArtifactAsync("1.0.0", file, Cluster.Signature);

        await sweeper.SweepAsync(Cancellation);

        Assert.True(await cluster.HasFileAsync(file));
    }
}
