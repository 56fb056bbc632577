using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Proxying;
using Aspire.Hosting.Reporting;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Running;

/// <summary>Starts everything in the order of its waits, and stops it in the opposite order.</summary>
internal sealed class Orchestrator(
    DistributedApplicationModel model, DistributedApplicationExecutionContext execution, Preparation preparation,
    ProxyServer proxy, ReplicaSet replicas, ReplicaRunners runners, Dependencies dependencies, Summary summary,
    ResourceNotificationService notifications, ConsoleLines console, TimeProvider clock) : IHostedService, IDisposable
{
    // Within the ten seconds that whoever presses Ctrl-C is asked to wait; the rest is for the AppHost itself.
    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(8.5);
    private static readonly TimeSpan LeftForEachLaterSet = TimeSpan.FromSeconds(1.5);

    private readonly CancellationTokenSource stopping = new();
    private Task starting = Task.CompletedTask;
    private Task? stopped;
    private bool hasStarted;

    /// <summary>Ends as soon as all that can be refused has been checked; the processes come up in the background.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!execution.IsRunMode) return;
        await preparation.RunAsync(cancellationToken);
        await proxy.StartAsync(cancellationToken);
        foreach (var replica in replicas.All)
        {
            var urls = await ResourceUrls.FindAsync(replica.Resource, execution);
            await notifications.PublishUpdateAsync(replica.Resource, replica.Id, snapshot => snapshot with { State = KnownResourceStates.Waiting, Urls = [.. urls] });
        }

        hasStarted = true;
        starting = Task.WhenAll([.. model.Resources.Where(ReplicaSet.Runs).Select(StartResourceAsync), PrintSummaryAsync()]);
    }

    public Task StopAsync(CancellationToken cancellationToken) => stopped ??= StopOnceAsync();

    public void Dispose() => stopping.Dispose();

    private async Task StopOnceAsync()
    {
        await stopping.CancelAsync();
        await starting;
        if (hasStarted) console.Say("Stopping.");
        var begun = clock.GetTimestamp();
        var sets = Dependencies.StopOrder(model.Resources.Where(ReplicaSet.Runs));
        for (var i = 0; i < sets.Count; i++)
        {
            var patience = TimeToStop - clock.GetElapsedTime(begun) - LeftForEachLaterSet * (sets.Count - 1 - i);
            await Task.WhenAll(sets[i].SelectMany(runners.Of).Select(runner => runner.StopAsync(patience > TimeSpan.Zero ? patience : TimeSpan.Zero)));
        }
    }

    private async Task StartResourceAsync(IResource resource)
    {
        try
        {
            await dependencies.WaitAsync(resource, stopping.Token);
            if (stopping.IsCancellationRequested) return;
            foreach (var runner in runners.Of(resource)) _ = runner.Start();
        }
        catch (DistributedApplicationException e)
        {
            foreach (var runner in runners.Of(resource)) await runner.FailAsync(e.Message);
        }
        catch (OperationCanceledException)
        {
            // Stopped while it still waited.
        }
    }

    private async Task PrintSummaryAsync()
    {
        try
        {
            await summary.PrintWhenHealthyAsync(stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // Stopped before everything was healthy.
        }
    }
}
