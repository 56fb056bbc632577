using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Reporting;

namespace Aspire.Hosting.Running;

/// <summary>Keeps the process of one replica running until it is told to stop.</summary>
internal sealed class ReplicaRunner(
    Replica replica, ProcessSpecs specs, HealthMonitor health, ChildRecord children, ConsoleLines console,
    ResourceNotificationService notifications, TimeProvider clock) : IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private ChildProcess? process;
    private Task ended = Task.CompletedTask;

    public Replica Replica => replica;

    /// <summary>Ends when the replica does: stopped, finished, or impossible to start.</summary>
    public Task Start() => ended = RunAsync();

    public async Task StopAsync(TimeSpan patience)
    {
        await stopping.CancelAsync();
        if (process is { } running) await running.StopAsync(patience, clock);
        await ended;
    }

    public Task FailAsync(string reason)
    {
        console.Say($"{replica.DisplayName} could not be started: {reason}");
        return PublishAsync(snapshot => snapshot with { State = new(KnownResourceStates.FailedToStart, "error") });
    }

    public void Dispose()
    {
        process?.Dispose();
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        for (var attempt = 0; !stopping.IsCancellationRequested;)
        {
            var started = clock.GetTimestamp();
            if (await RunOnceAsync() is not { } exitCode) return;
            var decision = RestartPolicy.Decide(ReplicaSet.IsJob(replica.Resource), exitCode, clock.GetElapsedTime(started), attempt);
            var state = decision.Reason is RestartReason.JobFinished ? KnownResourceStates.Finished : KnownResourceStates.Exited;
            await PublishAsync(snapshot => snapshot with { State = state, ExitCode = exitCode, StopTimeStamp = clock.GetUtcNow().UtcDateTime });
            if (stopping.IsCancellationRequested) return;
            if (decision.Reason is RestartReason.JobFinished)
            {
                console.Say($"{replica.DisplayName} has finished.");
                return;
            }

            attempt = decision.Attempt;
            console.Say($"{replica.DisplayName} ended {Signals.Describe(exitCode)}; it is started again in {decision.Delay.TotalSeconds:0.#} s (attempt {attempt}).");
            await Task.Delay(decision.Delay, clock, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The exit code, or null when there was no process to end.</summary>
    private async Task<int?> RunOnceAsync()
    {
        await PublishAsync(snapshot => snapshot with { State = KnownResourceStates.Starting, ExitCode = null, StopTimeStamp = null });
        try
        {
            var spec = await specs.CreateAsync(replica, stopping.Token);
            if (stopping.IsCancellationRequested) return null;
            process?.Dispose();
            process = new ChildProcess(spec, line => console.Write(replica, line));
            children.Add(process.Id, spec.Command);
            await PublishAsync(snapshot => Started(snapshot, spec));
        }
        catch (Exception e) when (e is DistributedApplicationException or OperationCanceledException)
        {
            if (!stopping.IsCancellationRequested) await FailAsync(e.Message);
            return null;
        }

        using var alive = new CancellationTokenSource();
        replica.IsRunning = true;
        var watching = health.WatchAsync(replica, alive.Token);
        var exitCode = await process.WaitForExitAsync();
        replica.IsRunning = replica.IsHealthy = false;
        await alive.CancelAsync();
        await watching;
        children.Remove(process.Id);
        return exitCode;
    }

    private CustomResourceSnapshot Started(CustomResourceSnapshot snapshot, ProcessSpec spec) =>
        (snapshot with { State = new(KnownResourceStates.Running, "success"), StartTimeStamp = clock.GetUtcNow().UtcDateTime })
        .WithUnknownHealth(replica.Resource)
        .WithProperty(SnapshotProperties.Path, spec.Command)
        .WithProperty(SnapshotProperties.WorkDir, spec.WorkingDirectory)
        .WithProperty(SnapshotProperties.Pid, process!.Id);

    private Task PublishAsync(Func<CustomResourceSnapshot, CustomResourceSnapshot> change) =>
        notifications.PublishUpdateAsync(replica.Resource, replica.Id, change);
}
