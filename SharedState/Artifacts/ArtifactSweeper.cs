using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Platform.SharedState.Artifacts;

/// <summary>
/// Takes away what processes that died in the middle of an upload left behind: at each start, since a crash ends in one,
/// and then once in each <see cref="ArtifactOptions.StagingMaxAge"/>.
/// </summary>
internal sealed partial class ArtifactSweeper(
    ArtifactStore store, IOptions<ArtifactOptions> options, TimeProvider clock, ILogger<ArtifactSweeper> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Not on the way of the host's start: listing a store may take a while.
        await Task.Yield();
        var age = options.Value.StagingMaxAge;
        using var timer = new PeriodicTimer(age, clock);
        do
        {
            await SweepAsync(clock.GetUtcNow() - age, stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task SweepAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        try
        {
            var swept = await store.SweepAsync(before, cancellation);
            if (swept > 0) LogSwept(swept);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A process that may only read the store is well set up; another one sweeps.
            LogNotSwept(e);
        }
    }

    [LoggerMessage(LogLevel.Information, "Deleted {Count} abandoned uploads from the artifact store.")]
    private partial void LogSwept(int count);

    [LoggerMessage(LogLevel.Warning, "Could not look for abandoned uploads in the artifact store; the next start does.")]
    private partial void LogNotSwept(Exception exception);
}
