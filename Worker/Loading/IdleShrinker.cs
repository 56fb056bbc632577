using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Platform.Worker.Onnx;
using Platform.Worker.Profiling;
using Platform.Worker.Serving;

namespace Platform.Worker.Loading;

/// <summary>A session's arena keeps the memory of its largest run for ever; a version without runs gives it back here.</summary>
internal sealed partial class IdleShrinker(
    ServedVersions versions, ExecutorSlots slots, IOptions<LoadingOptions> options, TimeProvider clock, ILogger<IdleShrinker> logger) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs that a version had at the last look, and at the last time that it was shrunk.</summary>
    private readonly ConditionalWeakTable<ServedVersion, Seen> seen = [];

    /// <summary>Shrinks those that ran at some time, but not since the last look.</summary>
    public int ShrinkIdle()
    {
        var shrunk = 0;
        foreach (var version in versions.All)
        {
            var at = seen.GetOrCreateValue(version);
            var runs = version.Runs;
            var isIdle = runs == at.Runs && runs != at.ShrunkAt;
            at.Runs = runs;
            if (!isIdle || !version.TryUse()) continue;
            using (version) Shrink(version);
            at.ShrunkAt = runs;
            shrunk++;
        }

        return shrunk;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.IdleTime, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await Task.Factory.StartNew(ShrinkIdle, stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private void Shrink(ServedVersion version)
    {
        try
        {
            slots.Run(() => { Warmup.Shrink(version.Model); return 0; }, Patience);
        }
        catch (ModelRunException e)
        {
            // It does not run on zeros, as its load has said already if that is a fault.
            LogNotShrunk(version.Id.Model, version.Id.Version, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Debug, "Model {Model} {Version} keeps its memory while idle: {Reason}")]
    private partial void LogNotShrunk(string model, string version, string reason);

    private sealed class Seen
    {
        public long Runs { get; set; }

        public long ShrunkAt { get; set; }
    }
}
