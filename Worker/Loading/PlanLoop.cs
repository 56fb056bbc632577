using Platform.SharedState.Plans;
using Platform.SharedState.Workers;
using Platform.Worker.Serving;

namespace Platform.Worker.Loading;

/// <summary>Looks at the plans and at who is alive whenever one of them changes, and each second.</summary>
internal sealed class PlanLoop(
    PlanFollower plans, WorkerDirectory directory, Reconciler reconciler, WorkerState state, LoadReport report, TimeProvider clock)
    : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private readonly LiveWorkers live = new(WorkerLeases.Duration);
    private readonly SemaphoreSlim wake = new(0);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        plans.Changed += Wake;
        directory.Changed += Wake;
        using var timer = clock.CreateTimer(_ => Wake(), null, Period, Period);
        await plans.Loaded.WaitAsync(stoppingToken);
        // Alone in an unread directory, this worker would take every version for its own.
        while (directory.Workers.All(worker => worker.Id != state.Id)) await WaitAsync(stoppingToken);
        while (true)
        {
            var workers = live.See(directory.Workers, clock.GetUtcNow());
            var desired = DesiredVersions.Of(state.Id, plans.Plans.Values, workers);
            if (await reconciler.StepAsync(desired, stoppingToken)) continue;
            report.FinishFirstPass();
            await WaitAsync(stoppingToken);
        }
    }

    private void Wake() => wake.Release();

    private async Task WaitAsync(CancellationToken cancellation)
    {
        await wake.WaitAsync(cancellation);
        while (wake.CurrentCount > 0) await wake.WaitAsync(cancellation);
    }
}
