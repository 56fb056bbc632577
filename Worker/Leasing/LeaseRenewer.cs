using System.Collections.Immutable;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using Platform.Core.Serving;
using Platform.SharedState;
using Platform.SharedState.Workers;
using Platform.Worker.Onnx;
using Platform.Worker.Serving;

namespace Platform.Worker.Leasing;

/// <summary>
/// Says each second that this worker lives and what it has loaded, and at once when that changes. Without Redis it
/// goes on trying and disturbs nothing.
/// </summary>
internal sealed partial class LeaseRenewer(
    WorkerLeases leases,
    WorkerState state,
    LoadReport report,
    Devices devices,
    UseMeter use,
    IServer server,
    IHostApplicationLifetime lifetime,
    IOptions<LeaseOptions> options,
    IOptions<ServingOptions> serving,
    TimeProvider clock,
    ILogger<LeaseRenewer> logger) : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private readonly SemaphoreSlim wake = new(0);
    private (ImmutableArray<LoadedVersion> Versions, bool Draining)? announced;
    private long lastRenewal;
    private bool isLost;

    /// <summary>Whether a lease was written since the start.</summary>
    public bool HasLease { get; private set; }

    /// <summary>Asked to stop: tells the Apis and gives them time to hear it, while requests are still answered.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        state.IsDraining = true;
        Wake();
        LogDraining(options.Value.DrainDelay.TotalSeconds);
        await Task.Delay(options.Value.DrainDelay, clock, cancellationToken);
        state.RefusesWork = true;
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryAsync(() => leases.ReleaseAsync(state.Id));
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var address = await ListeningAsync(stoppingToken);
        report.Changed += Wake;
        using var timer = clock.CreateTimer(_ => Wake(), null, Period, Period);
        lastRenewal = clock.GetTimestamp();
        while (true)
        {
            await TryAsync(() => RenewAsync(address));
            await wake.WaitAsync(stoppingToken);
            while (wake.CurrentCount > 0) await wake.WaitAsync(stoppingToken);
        }
    }

    private async Task<Uri> ListeningAsync(CancellationToken cancellation)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(cancellation);
        var bound = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        return options.Value.AdvertisedAddress
            ?? AdvertisedAddress.Choose(bound, AdvertisedAddress.OfMachine())
            ?? throw new InvalidOperationException("The worker listens on no http address. Set Worker:AdvertisedAddress to where "
                + "Apis reach it.");
    }

    private async Task RenewAsync(Uri address)
    {
        var now = (report.Versions, state.IsDraining);
        var isNews = announced is not { } before || before.Draining != now.IsDraining || !before.Versions.SequenceEqual(now.Versions);
        var executorTime = clock.GetElapsedTime(lastRenewal) * serving.Value.EffectiveExecutors;
        lastRenewal = clock.GetTimestamp();
        var utilisation = executorTime > TimeSpan.Zero ? Math.Min(1, state.TakeBusy() / executorTime) : 0;
        await leases.RenewAsync(
            new WorkerLease(
                state.Id,
                address,
                devices.Name,
                now.Versions,
                state.Outstanding,
                utilisation,
                now.IsDraining,
                state.StartedAt,
                clock.GetUtcNow(),
                state.FramePort,
                use.Read()),
            announce: isNews);
        announced = now;
        HasLease = true;
    }

    private async Task TryAsync(Func<Task> talk)
    {
        try
        {
            await talk();
            if (isLost) LogReturned();
            isLost = false;
        }
        catch (Exception e) when (RedisFault.Is(e))
        {
            // Said once; the next success says that it is over.
            if (!isLost) LogLost(RedisFault.Describe(e));
            isLost = true;
        }
    }

    private void Wake() => wake.Release();

    [LoggerMessage(LogLevel.Warning, "The lease could not be written to Redis ({Reason}); this worker serves on and keeps trying.")]
    private partial void LogLost(string reason);

    [LoggerMessage(LogLevel.Information, "The lease is written again.")]
    private partial void LogReturned();

    [LoggerMessage(LogLevel.Information, "The worker was asked to stop; it takes requests for another {Seconds} s.")]
    private partial void LogDraining(double seconds);
}
