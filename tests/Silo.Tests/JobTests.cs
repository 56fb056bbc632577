using System.Text;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Contracts.Jobs;
using Platform.Contracts.Models;
using Platform.Contracts.Privacy;
using Platform.Core.Jobs;
using Platform.Core.Models;
using Platform.Core.Models.Datasets;
using Platform.Core.Privacy;
using Platform.Core.Results;
using Platform.Core.Serving;
using Platform.SharedState.Jobs;
using Platform.SharedState.Privacy;
using Platform.Silo.Jobs;
using Platform.Tests;

namespace Platform.Silo.Tests;

[Collection(nameof(DeploymentTests))] // They share the workers that the cluster sees.
public sealed class JobTests(Cluster cluster) : IAsyncLifetime
{
    private readonly JobStage stage = new(cluster);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    [Fact]
    public async Task Job_FromUploadToOutput_FixesItsVersionHoldsItAndLetsItGo()
    {
        var (model, _) = await stage.DeployedAsync();
        var (job, grain) = await stage.CreateAsync(model);
        Assert.Equal(JobPhase.AwaitingInput, (await grain.GetAsync())!.Job.Phase);
        Assert.Equal(JobPhase.AwaitingInput, (await grain.InputArrivedAsync()).Value!.Job.Phase);
        await stage.UploadAsync(job);
        Assert.Equal(JobPhase.Queued, (await grain.InputArrivedAsync()).Value!.Job.Phase);

        var order = await stage.OrderAsync(job);
        Assert.Equal(("1.0.0", "jsonl"), (order.Version.Version, order.Format));
        Assert.Equal(["1.0.0"], (await cluster.PlanAsync(model)).Loaded.Select(placed => placed.Version));
        await stage.ScoreAsync(order, shards: 2);
        var ended = await JobStage.UntilAsync(grain, view => view.Job.Released);

        Assert.Equal((JobPhase.Succeeded, 20, 1), (ended.Job.Phase, ended.Progress!.RowsSettled, ended.Progress.RowsFailed));
        Assert.Null((await cluster.PlanAsync(model)).Held);
        Assert.Equal(RefusalReason.Conflict, (await grain.CancelAsync("ann")).Refusal?.Reason);
    }

    [Fact]
    public async Task Version_OfARunningJob_StaysThroughRollbackAndUndeploymentAndKeepsTheModel()
    {
        var (model, worker) = await stage.DeployedAsync();
        var (job, grain) = await stage.CreateAsync(model);
        await stage.UploadAsync(job);
        var order = await stage.OrderAsync(job);

        await stage.DeployAsync(model, worker, "2.0.0");
        Assert.Null((await cluster.Model(model).UndeployAsync("1.0.0", "ann")).Refusal);

        var plan = await cluster.PlanAsync(model);
        Assert.Equal(["2.0.0"], plan.Versions.Select(placed => placed.Version));
        Assert.Equal(["1.0.0"], plan.Held!.Value.Select(placed => placed.Version));
        Assert.Equal(["2.0.0", "1.0.0"], plan.Loaded.Select(placed => placed.Version));
        Assert.Null(plan.Find("1.0.0"));
        Assert.Equal("1.0.0", (await grain.GetAsync())!.Job.Version!.Version);
        Assert.Equal(order.Version.Artifact, (await stage.OrderAsync(job)).Version.Artifact);
        Assert.Null((await cluster.Model(model).UndeployAsync("2.0.0", "ann")).Refusal);
        Assert.Equal(RefusalReason.Conflict, (await cluster.Model(model).DeleteAsync(null)).Refusal?.Reason);
        await grain.CancelAsync("ann");
        Assert.Null((await cluster.Model(model).DeleteAsync(null)).Refusal);
    }

    [Fact]
    public async Task Job_WhoseSiloForgetsEverything_GoesOnFromWhatIsWritten()
    {
        var (model, _) = await stage.DeployedAsync();
        var (job, grain) = await stage.CreateAsync(model);
        await stage.UploadAsync(job);
        // Nobody says that the input is here: the Api died before it could.
        await Cluster.ForgetAsync(grain, cluster.Model(model));
        var order = await stage.OrderAsync(job);
        await Cluster.ForgetAsync(grain, cluster.Model(model));
        await stage.ScoreAsync(order, shards: 3);
        await Cluster.ForgetAsync(grain, cluster.Model(model));

        var ended = await JobStage.UntilAsync(grain, view => view.Job.Released);

        Assert.Equal((JobPhase.Succeeded, 30), (ended.Job.Phase, ended.Progress!.RowsSettled));
    }

    [Fact]
    public async Task Write_ThatFails_LeavesTheJobAsItWas()
    {
        var (model, _) = await stage.DeployedAsync();
        var (job, grain) = await stage.CreateAsync(model);
        await stage.UploadAsync(job);
        await stage.OrderAsync(job);

        cluster.Storage.Fail(job);
        try
        {
            await Assert.ThrowsAsync<ControlPlaneUnavailableException>(() => grain.CancelAsync("ann"));
        }
        finally
        {
            cluster.Storage.Mend(job);
        }

        Assert.Equal(JobPhase.Running, (await grain.GetAsync())!.Job.Phase);
        Assert.Equal(JobPhase.Cancelled, (await grain.CancelAsync("ann")).Value!.Job.Phase);
    }

    [Fact]
    public async Task Cancel_ClosesTheWorkAndIsDoneOnce()
    {
        var (model, _) = await stage.DeployedAsync();
        var (job, grain) = await stage.CreateAsync(model);
        await stage.UploadAsync(job);
        var order = await stage.OrderAsync(job);
        await stage.Book.AddShardAsync(order, new JobShard(0, 0, 10, JobFiles.NewShard(job, 0)));

        Assert.Equal(JobPhase.Cancelled, (await grain.CancelAsync("ann")).Value!.Job.Phase);

        Assert.Equal(Telling.Closed, await stage.Book.CommitAsync(job, new ShardResult(0, 0, 10, 10, 0)));
        Assert.Equal(JobPhase.Cancelled, (await grain.CancelAsync("bob")).Value!.Job.Phase);
        Assert.Equal("Cancelled by ann.", (await grain.GetAsync())!.Job.Detail);
        await Assert.ThrowsAsync<FileNotFoundException>(async () => await stage.Files.OpenAsync((await stage.Inputs.SegmentsAsync(job))[0].File, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Faults_EndTheJobAndNothingOfItIsLeft()
    {
        var (model, worker) = await stage.DeployedAsync();
        var (cut, cutGrain) = await stage.CreateAsync(model);
        await stage.UploadAsync(cut);
        var quoted = $"It is cut off at {Guid.NewGuid()}.";
        await stage.Book.FailAsync((await stage.OrderAsync(cut)).Id, new JobFault(JobReason.InputInvalid, quoted, 7, "x"));
        var invalid = await JobStage.UntilAsync(cutGrain, view => view.Job.Released);
        Assert.Equal((JobPhase.Failed, JobReason.InputInvalid, 7L, "x"), (invalid.Job.Phase, invalid.Job.Reason, invalid.Job.Fault!.Row, invalid.Job.Fault.Column));
        Assert.Equal((quoted, quoted), (invalid.Job.Detail, invalid.Job.Fault.Detail));
        Assert.Empty(RedisContents.Find(await RedisContents.ReadAsync(cluster.Redis), Encoding.UTF8.GetBytes(quoted)));

        var (broken, brokenGrain) = await stage.CreateAsync(model, "2.0.0");
        await stage.UploadAsync(broken);
        await stage.OrderAsync(broken);
        await worker.HasAsync(stage.Loaded(model, "1.0.0"), stage.Loaded(model, "2.0.0") with { State = LoadState.Failed, Reason = "No such operator." });
        var unusable = await JobStage.UntilAsync(brokenGrain, view => view.Job.Released);
        Assert.Equal(JobReason.VersionUnusable, unusable.Job.Reason);
        Assert.Contains("No such operator.", unusable.Job.Detail, StringComparison.Ordinal);
        Assert.Null((await cluster.PlanAsync(model)).Held);
    }

    [Fact]
    public async Task Fault_ThatCitesTheInput_IsShownAndStoredSealed()
    {
        var (model, _) = await stage.DeployedAsync();
        var (job, grain) = await stage.CreateAsync(model);
        await stage.UploadAsync(job);
        var column = $"ann-{job}@example.com";
        await stage.Book.FailAsync((await stage.OrderAsync(job)).Id, new JobFault(JobReason.InputInvalid, $"Column '{column}': it belongs to no input.", 0, column));
        await JobStage.UntilAsync(grain, view => view.Job.Released);
        await Cluster.ForgetAsync(grain, cluster.Model(model));

        var view = (await grain.GetAsync())!.Job;

        Assert.Equal((column, JobPhase.Failed), (view.Fault!.Column, view.Phase));
        Assert.Contains(column, view.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(cluster.Storage.Stored, json => json.Contains(column, StringComparison.Ordinal));
        Assert.Contains(cluster.Storage.Stored, json => json.Contains(job, StringComparison.Ordinal));
        Assert.Empty(RedisContents.Find(await RedisContents.ReadAsync(cluster.Redis), System.Text.Encoding.UTF8.GetBytes(column)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Job_OfAPerson_GoesWithTheErasureWhateverItIsAt(bool hasEnded)
    {
        var (model, _) = await stage.DeployedAsync();
        var subject = cluster.Service<SubjectVault>().NameOf($"ann-{Guid.NewGuid():n}");
        var (job, grain) = await stage.CreateAsync(model, subject: subject);
        var (other, otherGrain) = await stage.CreateAsync(model);
        foreach (var upload in (string[])[job, other]) await stage.UploadAsync(upload);
        var order = await stage.OrderAsync(job);
        if (hasEnded)
        {
            await stage.ScoreAsync(order, shards: 1);
            await JobStage.UntilAsync(grain, view => view.Job.Released);
        }

        var receipt = await cluster.Grain<IErasureGrain>(subject).EraseAsync(new([subject], "root", "admin", "r-1"));

        Assert.Equal(new ErasedCounts(Jobs: 1), receipt.Erased);
        Assert.Null(await grain.GetAsync());
        Assert.Empty(await cluster.RemindersAsync(grain));
        Assert.Null(await stage.Book.OrderAsync(job));
        Assert.Empty(RedisContents.Find(await RedisContents.ReadAsync(cluster.Redis), System.Text.Encoding.UTF8.GetBytes($"jobs:{job}")));
        Assert.NotNull(await otherGrain.GetAsync());
        await using var rows = await stage.Files.OpenAsync((await stage.Inputs.SegmentsAsync(other))[0].File, TestContext.Current.CancellationToken);
        Assert.Equal(0, (await cluster.Grain<IErasureGrain>(subject).EraseAsync(new([subject], "root", "admin", "r-2"))).Erased.Jobs);
    }

    [Fact]
    public async Task Policy_RemovesJobsThatEndedLongerAgo_AndNoOthers()
    {
        var (model, _) = await stage.DeployedAsync();
        var (ended, endedGrain) = await stage.CreateAsync(model);
        var (_, waitingGrain) = await stage.CreateAsync(model);
        await stage.UploadAsync(ended);
        await endedGrain.CancelAsync("ann");
        var clock = TimeProvider.System;

        Assert.False(await endedGrain.ForgetAsync(clock.GetUtcNow().AddMinutes(-1)));
        Assert.False(await waitingGrain.ForgetAsync(clock.GetUtcNow().AddMinutes(1)));
        Assert.NotNull(await endedGrain.GetAsync());
        Assert.True(await endedGrain.ForgetAsync(clock.GetUtcNow().AddMinutes(1)));

        Assert.Null(await endedGrain.GetAsync());
        Assert.DoesNotContain(ended, (await cluster.Service<JobIndex>().ListAsync()).Select(job => job.Key));
        Assert.NotNull(await waitingGrain.GetAsync());
        Assert.False(await endedGrain.ForgetAsync(null));
    }

    [Fact]
    public async Task Create_OfWhatCannotRun_IsRefusedAndLeavesNoJob()
    {
        var (model, _) = await stage.DeployedAsync();
        var (empty, _) = await cluster.NewModelAsync();
        foreach (var (config, reason) in ((JobConfig, RefusalReason)[])
        [
            (JobStage.Config($"m-{Guid.NewGuid():n}"), RefusalReason.NotFound),
            (JobStage.Config(empty), RefusalReason.Conflict),
            (JobStage.Config(model, "9.0.0"), RefusalReason.NotFound),
            (JobStage.Config(model) with { Uri = "dataset:none" }, RefusalReason.NotFound),
        ])
        {
            var grain = cluster.Grain<IJobGrain>(JobStage.NewId());
            Assert.Equal(reason, (await grain.CreateAsync(config, "ann")).Refusal?.Reason);
            Assert.Null(await grain.GetAsync());
        }
    }

    [Fact]
    public async Task Dataset_OfTheModel_IsAnInputWithoutAnUpload()
    {
        var (model, _) = await stage.DeployedAsync();
        var file = new ArtifactInfo(5, new('b', 64), true, null);
        await cluster.Quality(model).PutDatasetAsync(new DatasetInfo("test", DatasetFormat.Idx, file, null, 1, "ann", default));
        Assert.Equal("input.format", (await cluster.Grain<IJobGrain>(JobStage.NewId()).CreateAsync(JobStage.Config(model) with { Uri = "dataset:test" }, "ann")).Refusal?.Field);

        var job = JobStage.NewId();
        var grain = cluster.Grain<IJobGrain>(job);
        var created = await grain.CreateAsync(JobStage.Config(model) with { Uri = $"sha256:{file.Sha256}", Format = "idx" }, "ann");

        Assert.Equal((JobPhase.Queued, true), (created.Value!.Job.Phase, created.Value.InputComplete));
        Assert.Equal(file, (await stage.OrderAsync(job)).Source);
        await grain.CancelAsync("ann");
    }

    [Fact]
    public async Task Job_WhoseTimeIsUp_GoesWithItsFiles()
    {
        var (model, _) = await stage.DeployedAsync();
        var (job, grain) = await stage.CreateAsync(model);
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
}
