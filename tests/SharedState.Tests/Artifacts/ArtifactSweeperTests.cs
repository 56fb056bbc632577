using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Platform.SharedState.Artifacts;

namespace Platform.SharedState.Tests.Artifacts;

public sealed class ArtifactSweeperTests
{
    [Fact]
    public async Task Sweeper_TakesAbandonedUploads_AtTheStartAndEachTimeTheyAreOld()
    {
        await using var under = new FolderUnderTest();
        var options = under.Options();
        using var store = new ArtifactStore(options);
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow() + (options.StagingMaxAge * 2));
        await under.PutAsync("staging/first", [1]);
        using var sweeper = new ArtifactSweeper(store, Options.Create(options), clock, NullLogger<ArtifactSweeper>.Instance);

        await sweeper.StartAsync(TestContext.Current.CancellationToken);
        await UntilEmptyAsync(under);
        await under.PutAsync("staging/second", [1]);
        clock.Advance(options.StagingMaxAge);
        await UntilEmptyAsync(under);

        await sweeper.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Sweeper_ThatCannotLook_LeavesItsHostAlone()
    {
        await using var under = await S3UnderTest.StartStubAsync();
        under.Failing = "GET list";
        using var store = new ArtifactStore(under.Options());
        using var sweeper = new ArtifactSweeper(
            store, Options.Create(under.Options()), new FakeTimeProvider(), NullLogger<ArtifactSweeper>.Instance);

        await sweeper.StartAsync(TestContext.Current.CancellationToken);
        await sweeper.StopAsync(TestContext.Current.CancellationToken);

        Assert.True(sweeper.ExecuteTask!.IsCompletedSuccessfully || sweeper.ExecuteTask.IsCanceled, $"{sweeper.ExecuteTask.Exception}");
    }

    private static async Task UntilEmptyAsync(FolderUnderTest under)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while ((await under.NamesAsync()).Length > 0) await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }
}
