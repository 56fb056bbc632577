using Platform.Core.Serving;

namespace Platform.Silo.Tests;

/// <summary>Renews a worker's lease until it is disposed of.</summary>
internal sealed class LivingWorker(Cluster cluster) : IAsyncDisposable
{
    private readonly string id = $"w-{Guid.NewGuid():n}";
    private readonly PeriodicTimer timer = new(TimeSpan.FromMilliseconds(500));
    private LoadedVersion[] versions = [];
    private Task renewing = Task.CompletedTask;

    public static async Task<LivingWorker> StartAsync(Cluster cluster)
    {
        var worker = new LivingWorker(cluster);
        await worker.HasAsync();
        worker.renewing = worker.RenewAsync();
        return worker;
    }

    public Task HasAsync(params LoadedVersion[] loaded)
    {
        versions = loaded;
        return cluster.ReportAsync(id, loaded);
    }

    public async ValueTask DisposeAsync()
    {
        timer.Dispose();
        await renewing;
        await cluster.Leases.ReleaseAsync(id);
    }

    private async Task RenewAsync()
    {
        while (await timer.WaitForNextTickAsync()) await cluster.ReportAsync(id, versions);
    }
}
