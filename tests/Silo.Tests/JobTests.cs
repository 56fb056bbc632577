using System.Text;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Contracts.Jobs;
using Platform.Contracts.Models;
using Platform.Core.Jobs;
using Platform.Core.Models;
using Platform.Core.Models.Datasets;
using Platform.Core.Results;
using Platform.Core.Serving;
using Platform.SharedState.Jobs;
using Platform.Silo.Jobs;

namespace Platform.Silo.Tests;

[Collection(nameof(DeploymentTests))] // They share the workers that the cluster sees.
public sealed class JobTests(Cluster cluster) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly Dictionary<string, ArtifactInfo> artifacts = [];
    private readonly List<LivingWorker> workers = [];

    private JobBook Book => cluster.Service<JobBook>();

    private JobInputStore Inputs => cluster.Service<JobInputStore>();

    private JobFiles Files => cluster.Service<JobFiles>();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in workers) await worker.DisposeAsync();
    }

    [Fact]
    public async Task Job_FromUploadToOutput_FixesItsVersionHoldsItAndLetsItGo()
    {
        var (model, _) = await DeployedAsync();
        var (job, grain) = await CreateAsync(model);
        Assert.Equal(JobPhase.AwaitingInput, (await grain.GetAsync())!.Job.Phase);
        Assert.Equal(JobPhase.AwaitingInput, (await grain.InputArrivedAsync()).Value!.Job.Phase);
        await UploadAsync(job);
        Assert.Equal(JobPhase.Queued, (await grain.InputArrivedAsync()).Value!.Job.Phase);

        var order = await OrderAsync(job);
        Assert.Equal(("1.0.0", "jsonl"), (order.Version.Version, order.Format));
        Assert.Equal(["1.0.0"], (await cluster.PlanAsync(model)).Loaded.Select(placed => placed.Version));
        await ScoreAsync(order, shards: 2);
        var ended = await UntilAsync(grain, view => view.Job.Released);

        Assert.Equal((JobPhase.Succeeded, 20, 1), (ended.Job.Phase, ended.Progress!.RowsSettled, ended.Progress.RowsFailed));
        Assert.Null((await cluster.PlanAsync(model)).Held);
        Assert.Equal(RefusalReason.Conflict, (await grain.CancelAsync("ann")).Refusal?.Reason);
    }

    [Fact]
    public async Task Version_OfARunningJob_StaysThroughRollbackAndUndeploymentAndKeepsTheModel()
    {
        var (model, worker) = await DeployedAsync();
        var (job, grain) = await CreateAsync(model);
        await UploadAsync(job);
        var order = await OrderAsync(job);

        await DeployAsync(model, worker, "2.0.0");
        Assert.Null((await cluster.Model(model).UndeployAsync("1.0.0", "ann")).Refusal);

        var plan = await cluster.PlanAsync(model);
        Assert.Equal(["2.0.0"], plan.Versions.Select(placed => placed.Version));
        Assert.Equal(["1.0.0"], plan.Held!.Value.Select(placed => placed.Version));
        Assert.Equal(["2.0.0", "1.0.0"], plan.Loaded.Select(placed => placed.Version));
        Assert.Null(plan.Find("1.0.0"));
        Assert.Equal("1.0.0", (await grain.GetAsync())!.Job.Version!.Version);
        Assert.Equal(order.Version.Artifact, (await OrderAsync(job)).Version.Artifact);
        Assert.Null((await cluster.Model(model).UndeployAsync("2.0.0", "ann")).Refusal);
        Assert.Equal(RefusalReason.Conflict, (await cluster.Model(model).DeleteAsync(null)).Refusal?.Reason);
        await grain.CancelAsync("ann");
        Assert.Null((await cluster.Model(model).DeleteAsync(null)).Refusal);
    }

    [Fact]
    public async Task Job_WhoseSiloForgetsEverything_GoesOnFromWhatIsWritten()
    {
        var (model, _) = await DeployedAsync();
        var (job, grain) = await CreateAsync(model);
        await UploadAsync(job);
        // Nobody says that the input is here: the Api died before it could.
        await cluster.ForgetActivationsAsync();
        var order = await OrderAsync(job);
        await cluster.ForgetActivationsAsync();
        await ScoreAsync(order, shards: 3);
        await cluster.ForgetActivationsAsync();

        var ended = await UntilAsync(grain, view => view.Job.Released);

        Assert.Equal((JobPhase.Succeeded, 30), (ended.Job.Phase, ended.Progress!.RowsSettled));
    }

    [Fact]
    public async Task Write_ThatFails_LeavesTheJobAsItWas()
    {
        var (model, _) = await DeployedAsync();
        var (job, grain) = await CreateAsync(model);
        await UploadAsync(job);
        await OrderAsync(job);

        cluster.Storage.FailKey = job;
        try
        {
            await Assert.ThrowsAsync<ControlPlaneUnavailableException>(() => grain.CancelAsync("ann"));
        }
        finally
        {
            cluster.Storage.FailKey = null;
        }

        Assert.Equal(JobPhase.Running, (await grain.GetAsync())!.Job.Phase);
        Assert.Equal(JobPhase.Cancelled, (await grain.CancelAsync("ann")).Value!.Job.Phase);
    }

    [Fact]
    public async Task Cancel_ClosesTheWorkAndIsDoneOnce()
    {
        var (model, _) = await DeployedAsync();
        var (job, grain) = await CreateAsync(model);
        await UploadAsync(job);
        var order = await OrderAsync(job);
        await Book.AddShardAsync(order, new JobShard(0, 0, 10, JobFiles.NewShard(job, 0)));

        Assert.Equal(JobPhase.Cancelled, (await grain.CancelAsync("ann")).Value!.Job.Phase);

        Assert.Equal(Telling.Closed, await Book.CommitAsync(job, new ShardResult(0, 0, 10, 10, 0)));
        Assert.Equal(JobPhase.Cancelled, (await grain.CancelAsync("bob")).Value!.Job.Phase);
        Assert.Equal("Cancelled by ann.", (await grain.GetAsync())!.Job.Detail);
        await Assert.ThrowsAsync<FileNotFoundException>(async () => await Files.OpenAsync((await Inputs.SegmentsAsync(job))[0].File, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Faults_EndTheJobAndNothingOfItIsLeft()
    {
        var (model, worker) = await DeployedAsync();
        var (cut, cutGrain) = await CreateAsync(model);
        await UploadAsync(cut);
        await Book.FailAsync((await OrderAsync(cut)).Id, new JobFault(JobReason.InputInvalid, "It is cut off.", 7, "x"));
        var invalid = await UntilAsync(cutGrain, view => view.Job.Released);
        Assert.Equal((JobPhase.Failed, JobReason.InputInvalid, 7L, "x"), (invalid.Job.Phase, invalid.Job.Reason, invalid.Job.Fault!.Row, invalid.Job.Fault.Column));

        var (broken, brokenGrain) = await CreateAsync(model, "2.0.0");
        await UploadAsync(broken);
        await OrderAsync(broken);
        await worker.HasAsync(Loaded(model, "1.0.0"), Loaded(model, "2.0.0") with { State = LoadState.Failed, Reason = "No such operator." });
        var unusable = await UntilAsync(brokenGrain, view => view.Job.Released);
        Assert.Equal(JobReason.VersionUnusable, unusable.Job.Reason);
        Assert.Contains("No such operator.", unusable.Job.Detail, StringComparison.Ordinal);
        Assert.Null((await cluster.PlanAsync(model)).Held);
    }

    [Fact]
    public async Task Create_OfWhatCannotRun_IsRefusedAndLeavesNoJob()
    {
        var (model, _) = await DeployedAsync();
        var (empty, _) = await cluster.NewModelAsync();
        foreach (var (config, reason) in ((JobConfig, RefusalReason)[])
        [
            (Config($"m-{Guid.NewGuid():n}"), RefusalReason.NotFound),
            (Config(empty), RefusalReason.Conflict),
            (Config(model, "9.0.0"), RefusalReason.NotFound),
            (Config(model) with { Uri = "dataset:none" }, RefusalReason.NotFound),
        ])
        {
            var grain = cluster.Grain<IJobGrain>(NewId());
            Assert.Equal(reason, (await grain.CreateAsync(config, "ann")).Refusal?.Reason);
            Assert.Null(await grain.GetAsync());
        }
    }

    [Fact]
    public async Task Dataset_OfTheModel_IsAnInputWithoutAnUpload()
    {
        var (model, _) = await DeployedAsync();
        var file = new ArtifactInfo(5, new('b', 64), true, null);
        await cluster.Quality(model).PutDatasetAsync(new DatasetInfo("test", DatasetFormat.Idx, file, null, 1, "ann", default));
        Assert.Equal("input.format", (await cluster.Grain<IJobGrain>(NewId()).CreateAsync(Config(model) with { Uri = "dataset:test" }, "ann")).Refusal?.Field);

        var job = NewId();
        var grain = cluster.Grain<IJobGrain>(job);
        var created = await grain.CreateAsync(Config(model) with { Uri = $"sha256:{file.Sha256}", Format = "idx" }, "ann");

        Assert.Equal((JobPhase.Queued, true), (created.Value!.Job.Phase, created.Value.InputComplete));
        Assert.Equal(file, (await OrderAsync(job)).Source);
        await grain.CancelAsync("ann");
    }

    [Fact]
    public async Task Job_WhoseTimeIsUp_GoesWithItsFiles()
    {
        var (model, _) = await DeployedAsync();
        var (job, grain) = await CreateAsync(model);
        await grain.CancelAsync("ann");
        await Cluster.RemindAsync(grain, "drive");
        Assert.NotNull(await grain.GetAsync());

        var options = cluster.Service<IOptions<JobOptions>>().Value;
        var retention = options.Retention;
        options.Retention = TimeSpan.Zero;
        try
        {
            await Cluster.RemindAsync(grain, "drive");
        }
        finally
        {
            options.Retention = retention;
        }

        Assert.Null(await grain.GetAsync());
        Assert.DoesNotContain(await cluster.Service<JobIndex>().ListAsync(), entry => entry.Key == job);
        Assert.Empty(await cluster.RemindersAsync(grain));
    }

    private static string NewId() => Guid.CreateVersion7().ToString("n");

    private static JobConfig Config(string model, string? version = null) => new(model, version, "jsonl", null, "jsonl", null, 5, null);

    private async Task<(string Job, IJobGrain Grain)> CreateAsync(string model, string? version = null)
    {
        var job = NewId();
        var grain = cluster.Grain<IJobGrain>(job);
        Assert.Null((await grain.CreateAsync(Config(model, version), "ann")).Refusal);
        return (job, grain);
    }

    private async Task UploadAsync(string job)
    {
        var (turn, _, _) = await Inputs.BeginAsync(job, null);
        var file = JobFiles.NewSegment(job, 0);
        using var rows = new MemoryStream(Encoding.UTF8.GetBytes("{}\n"));
        await Files.WriteAsync(file, rows, TestContext.Current.CancellationToken);
        Assert.True(await Inputs.AppendAsync(turn!, new JobSegment(0, 3, file)));
        Assert.True(await Inputs.CompleteAsync(turn!));
    }

    /// <summary>Does what workers do: cuts, scores, one row in vain, and puts together when that is asked for.</summary>
    private async Task ScoreAsync(WorkOrder order, int shards)
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

    private async Task<WorkOrder> OrderAsync(string job)
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

    private static async Task<JobView> UntilAsync(IJobGrain grain, Func<JobView, bool> holds)
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
    private async Task<(string Model, LivingWorker Worker)> DeployedAsync()
    {
        var (model, grain) = await cluster.NewModelAsync();
        foreach (var version in (string[])["1.0.0", "2.0.0"]) artifacts[version] = await Cluster.RegisterAsync(grain, version);
        var worker = await LivingWorker.StartAsync(cluster);
        workers.Add(worker);
        await DeployAsync(model, worker, "1.0.0");
        return (model, worker);
    }

    private async Task DeployAsync(string model, LivingWorker worker, string version)
    {
        await worker.HasAsync([.. artifacts.Keys.Where(known => string.CompareOrdinal(known, version) <= 0).Select(known => Loaded(model, known))]);
        var deployment = (await cluster.Model(model).BeginDeployAsync(version, new DeploymentConfig(), "ann")).Value!;
        await UntilTrueAsync(async () => (await cluster.Model(model).GetDeploymentAsync(deployment.Id)).Value!.State is DeploymentState.Live);
    }

    private LoadedVersion Loaded(string model, string version) => new(model, version, artifacts[version].Sha256, LoadState.Ready);
}
