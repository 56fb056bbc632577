using Microsoft.Extensions.Options;
using Platform.Core.Drift;
using Platform.SharedState;
using Platform.SharedState.Drift;
using Platform.Worker.Serving;

namespace Platform.Worker.Drift;

/// <summary>Writes what the sketches counted: to a version's reference until that is complete, then to the slots of now.</summary>
internal sealed partial class DriftWriter(
    ServedVersions versions, DriftStore store, IOptions<DriftOptions> options, TimeProvider clock, ILogger<DriftWriter> logger) : BackgroundService
{
    private readonly HashSet<string> complete = [];
    private bool isLost;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.FlushPeriod, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var version in versions.All) await WriteAsync(version);
                if (isLost) LogWritten();
                isLost = false;
            }
            catch (Exception e) when (RedisFault.Is(e))
            {
                // Said once. What could not be written is lost: the tests only have fewer items then.
                if (!isLost) LogNotWritten(RedisFault.Describe(e));
                isLost = true;
            }
        }
    }

    private async Task WriteAsync(ServedVersion version)
    {
        // Asked each time: a validation may have put a dataset's reference in place of the first requests'.
        if (await ReferenceAsync(version) is not { } reference) return;
        version.Drift.Adopt(reference);
        if (version.Drift.Take(options.Value.MaxElementsPerFlush) is not { } counts) return;
        if (!complete.Contains(reference.Id))
        {
            if (await store.TryFillAsync(reference, counts)) return;
            complete.Add(reference.Id);
            LogComplete(version.Id.Model, version.Id.Version, reference.Source);
        }

        await store.AddAsync(reference, counts);
    }

    private async Task<DriftReference?> ReferenceAsync(ServedVersion version)
    {
        if (await store.FindAsync(version.Id.Model, version.Id.Version) is { } known) return known;
        if (version.Drift.Sample() is not { } rows) return null;
        var proposed = DriftBaseline.Of(
            Guid.NewGuid().ToString("n"), DriftReference.FromRequests, clock.GetUtcNow(), version.Drift.Features, rows).Reference;
        return await store.ProposeAsync(version.Id.Model, version.Id.Version, proposed with { Target = options.Value.ReferenceItems });
    }

    [LoggerMessage(LogLevel.Information, "The drift reference of {Model} {Version} is complete ({Source}).")]
    private partial void LogComplete(string model, string version, string source);

    [LoggerMessage(LogLevel.Warning, "Drift counts could not be written to Redis ({Reason}).")]
    private partial void LogNotWritten(string reason);

    [LoggerMessage(LogLevel.Information, "Drift counts are written again.")]
    private partial void LogWritten();
}
