using System.Text;
using Platform.Contracts.Jobs;
using Platform.Contracts.Models;
using Platform.Core.Jobs;
using Platform.Core.Models;
using Platform.Core.Serving;
using Platform.SharedState.Jobs;

namespace Platform.Silo.Tests;

/// <summary>Models with a worker each, and what Apis and workers do for jobs on them.</summary>
internal sealed class JobStage(Cluster cluster) : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly Dictionary<string, ArtifactInfo> artifacts = [];
    private readonly List<LivingWorker> workers = [];

    public JobBook Book => cluster.Service<JobBook>();

    public JobInputStore Inputs => cluster.Service<JobInputStore>();

    public JobFiles Files => cluster.Service<JobFiles>();

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in workers) await worker.DisposeAsync();
    }

    public static string NewId() => Guid.CreateVersion7().ToString("n");

    public static JobConfig Config(string model, string? version = null) => new(model, version, "jsonl", null, "jsonl", null, 5, null);

    public async Task<(string Job, IJobGrain Grain)> CreateAsync(string model, string? version = null, string? subject = null)
    {
        var job = NewId();
        var grain = cluster.Grain<IJobGrain>(job);
        Assert.Null((await grain.CreateAsync(Config(model, version) with { Subject = subject }, "ann")).Refusal);
        return (job, grain);
    }

    public async Task UploadAsync(string job)
    {
        var (turn, _, _) = await Inputs.BeginAsync(job, null);
        var file = JobFiles.NewSegment(job, 0);
        using var rows = new MemoryStream(Encoding.UTF8.GetBytes("{}\n"));
        await Files.WriteAsync(file, rows, TestContext.Current.CancellationToken);
        Assert.True(await Inputs.AppendAsync(turn!, new JobSegment(0, 3, file)));
        Assert.True(await Inputs.CompleteAsync(turn!));
    }

    /// <summary>Does what workers do: cuts, scores, one row in vain, and puts together when that is asked for.</summary>
    public async Task ScoreAsync(WorkOrder order, int shards)
    {
        for (var i = 0; i < shards; i++)
        {
            await Book.AddShardAsync(order, new JobShard(i, i * 10, 10, JobFiles.NewShard(order.Id, i)));
            await Book.CommitAsync(order.Id, new ShardResult(i, i * 10, 10, i == 0 ? 9 : 10, i == 0 ? 1 : 0));
        }

        await Book.EndScanAsync(order.Id, shards * 10);
        var database = cluster.Redis.GetDatabase();
        await UntilTrueAsync(() => database.HashExistsAsync($"jobs:{order.Id}:work", "finishing"));
        await Book.EndFinishAsync(order.Id, JobFiles.NewOutput(order.Id), 5);
    }

    public async Task<WorkOrder> OrderAsync(string job)
    {
        WorkOrder? order = null;
        await UntilTrueAsync(async () =>
        {
            // A call brings back a grain that was forgotten, as the waker's does.
            await cluster.Grain<IJobGrain>(job).GetAsync();
            return (order = await Book.OrderAsync(job)) is not null;
        });
        return order!;
    }

    public static async Task<JobView> UntilAsync(IJobGrain grain, Func<JobView, bool> holds)
    {
        JobView? view = null;
        await UntilTrueAsync(async () => holds((view = await grain.GetAsync())!));
        return view!;
    }

    private static async Task UntilTrueAsync(Func<Task<bool>> holds)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Limit, "It did not come to that.");
            await Task.Yield();
        }
    }

    /// <summary>A model of the test's own with 1.0.0 in production and 2.0.0 registered, and a worker for the whole run.</summary>
    public async Task<(string Model, LivingWorker Worker)> DeployedAsync()
    {
        var (model, grain) = await cluster.NewModelAsync();
        foreach (var version in (string[])["1.0.0", "2.0.0"]) artifacts[version] = await Cluster.RegisterAsync(grain, version);
        var worker = await LivingWorker.StartAsync(cluster);
        workers.Add(worker);
        await DeployAsync(model, worker, "1.0.0");
        return (model, worker);
    }

    public async Task DeployAsync(string model, LivingWorker worker, string version)
    {
        await worker.HasAsync([.. artifacts.Keys.Where(known => string.CompareOrdinal(known, version) <= 0).Select(known => Loaded(model, known))]);
        var deployment = (await cluster.Model(model).BeginDeployAsync(version, new DeploymentConfig(), "ann")).Value!;
        await UntilTrueAsync(async () => (await cluster.Model(model).GetDeploymentAsync(deployment.Id)).Value!.State is DeploymentState.Live);
    }

    public LoadedVersion Loaded(string model, string version) => new(model, version, artifacts[version].Sha256, LoadState.Ready);
}
