using Microsoft.Extensions.Options;
using Platform.Core.Protection;
using Platform.SharedState;
using Platform.SharedState.Protection;
using Platform.Worker.Serving;
using Platform.Worker.Serving.Protection;

namespace Platform.Worker.Protection;

/// <summary>Brings each version the reference of all workers, and proposes one where there is none yet.</summary>
internal sealed partial class ReferenceKeeper(
    ServedVersions versions, ProtectionStore store, IOptions<ProtectionOptions> options, TimeProvider clock, ILogger<ReferenceKeeper> logger)
    : BackgroundService
{
    private bool isLost;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ReferencePeriod, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var version in versions.All.Where(version => version.Config.Protection is { NeedsReference: true })) await KeepAsync(version);
                isLost = false;
            }
            catch (Exception e) when (RedisFault.Is(e))
            {
                // The checks go on with what they know.
                if (!isLost) LogLost(RedisFault.Describe(e));
                isLost = true;
            }
        }
    }

    private async Task KeepAsync(ServedVersion version)
    {
        var (model, number) = (version.Id.Model, version.Id.Version);
        var found = await store.FindAsync(model, number);
        version.Protection.Adopt(found);
        if (found.Profile is null && version.Protection.Items(options.Value.ReferenceItems) is { } items)
        {
            await store.ProposeAsync(model, number, ReferenceProfile.Of(ReferenceProfile.FromRequests, clock.GetUtcNow(), items));
            LogLearnt(model, number, "inputs", items.Count);
        }

        if (found.Squeezing is null && version.Protection.Scores() is { } scores)
        {
            await store.ProposeAsync(model, number, SqueezeThresholds.Of(scores));
            LogLearnt(model, number, "squeezing", scores.Count);
        }
    }

    [LoggerMessage(LogLevel.Information, "The input checks of {Model} {Version} learnt what is usual ({Part}, {Items} items).")]
    private partial void LogLearnt(string model, string version, string part, int items);

    [LoggerMessage(LogLevel.Warning, "References of the input checks cannot be read from Redis ({Reason}); those that are known stay in force.")]
    private partial void LogLost(string reason);
}
