using Platform.Contracts.Models;
using Platform.Core.Models;
using Platform.Core.Results;
using Platform.Core.Serving;

namespace Platform.Silo.Tests;

[Collection(nameof(DeploymentTests))] // They share the workers that the cluster sees.
public sealed class DeploymentTests(Cluster cluster)
{
    private static readonly DeploymentConfig Config = new();

    [Fact]
    public async Task Deploy_GoesLiveWhenEveryWorkerIsReady()
    {
        var (name, model) = await cluster.NewModelAsync();
        var artifact = await Cluster.RegisterAsync(model, "1.0.0");
        await using var worker = await LivingWorker.StartAsync(cluster);

        var begun = (await model.BeginDeployAsync("1.0.0", Config, "ann")).Value!;
        Assert.Equal(DeploymentState.Loading, begun.State);
        await worker.HasAsync(new LoadedVersion(name, "1.0.0", artifact.Sha256, LoadState.Ready));
        var ended = await EndOfAsync(model, begun.Id);

        Assert.Equal(DeploymentState.Live, ended.State);
        var view = (await model.GetAsync()).Value!;
        Assert.Equal("1.0.0", view.Production);
        Assert.Equal(VersionStage.Deployed, (await model.GetVersionAsync("1.0.0")).Value!.Stage);
        Assert.Contains("production", (await model.GetVersionAsync("1.0.0")).Value!.Tags);
    }

    [Fact]
    public async Task Deploy_OfAVersionThatDoesNotLoad_FailsAndLeavesProductionAsItWas()
    {
        var (name, model) = await cluster.NewModelAsync();
        var good = await Cluster.RegisterAsync(model, "1.0.0");
        var bad = await Cluster.RegisterAsync(model, "2.0.0");
        await using var worker = await LivingWorker.StartAsync(cluster);
        var ready = new LoadedVersion(name, "1.0.0", good.Sha256, LoadState.Ready);
        await worker.HasAsync(ready);
        await EndOfAsync(model, (await model.BeginDeployAsync("1.0.0", Config, "ann")).Value!.Id);

        await worker.HasAsync(ready, new LoadedVersion(name, "2.0.0", bad.Sha256, LoadState.Failed, "No such operator."));
        var ended = await EndOfAsync(model, (await model.BeginDeployAsync("2.0.0", Config, "ann")).Value!.Id);

        Assert.Equal(DeploymentState.Failed, ended.State);
        Assert.Contains("No such operator.", ended.Reason, StringComparison.Ordinal);
        var view = (await model.GetAsync()).Value!;
        Assert.Equal("1.0.0", view.Production);
        Assert.Equal(["1.0.0"], view.Deployed);
    }

    [Fact]
    public async Task Deploy_ThatNobodyLoads_FailsAfterTheLimit()
    {
        var (_, model) = await cluster.NewModelAsync();
        await Cluster.RegisterAsync(model, "1.0.0");
        await using var worker = await LivingWorker.StartAsync(cluster);

        var ended = await EndOfAsync(model, (await model.BeginDeployAsync("1.0.0", Config, "ann")).Value!.Id);

        Assert.Equal(DeploymentState.Failed, ended.State);
        Assert.Contains("still waiting for", ended.Reason, StringComparison.Ordinal);
        Assert.Empty((await model.GetAsync()).Value!.Deployed);
    }

    [Fact]
    public async Task Deploy_WithoutAnArtifact_IsAConflict()
    {
        var (_, model) = await cluster.NewModelAsync();
        await model.RegisterVersionAsync("1.0.0", Cluster.VersionMetadata, "ann");

        var refusal = (await model.BeginDeployAsync("1.0.0", Config, "ann")).Refusal!;

        Assert.Equal(RefusalReason.Conflict, refusal.Reason);
        Assert.Contains("no artifact", refusal.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_WhileAnotherIsLoading_IsAConflict()
    {
        var (_, model) = await cluster.NewModelAsync();
        await Cluster.RegisterAsync(model, "1.0.0");
        await Cluster.RegisterAsync(model, "2.0.0");
        await using var worker = await LivingWorker.StartAsync(cluster);
        var first = (await model.BeginDeployAsync("1.0.0", Config, "ann")).Value!;

        Assert.Equal(RefusalReason.Conflict, (await model.BeginDeployAsync("2.0.0", Config, "ann")).Refusal!.Reason);
        Assert.Equal(first.Id, (await model.BeginDeployAsync("1.0.0", Config, "ann")).Value!.Id);
        await EndOfAsync(model, first.Id);
    }

    [Fact]
    public async Task Undeploy_TakesTheVersionOffAndAllowsDeletion()
    {
        var (name, model) = await cluster.NewModelAsync();
        var artifact = await Cluster.RegisterAsync(model, "1.0.0");
        await using var worker = await LivingWorker.StartAsync(cluster);
        await worker.HasAsync(new LoadedVersion(name, "1.0.0", artifact.Sha256, LoadState.Ready));
        await EndOfAsync(model, (await model.BeginDeployAsync("1.0.0", Config, "ann")).Value!.Id);
        Assert.Equal(RefusalReason.Conflict, (await model.DeleteAsync(null)).Refusal!.Reason);

        var view = (await model.UndeployAsync("1.0.0", "ann")).Value!;

        Assert.Null(view.Production);
        Assert.Empty(view.Deployed);
        Assert.Equal(VersionStage.Created, (await model.GetVersionAsync("1.0.0")).Value!.Stage);
        Assert.Null((await model.DeleteAsync(null)).Refusal);
    }

    private static async Task<Deployment> EndOfAsync(IModelGrain model, long id)
    {
        var limit = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var deployment = (await model.GetDeploymentAsync(id)).Value!;
            if (deployment.State is not DeploymentState.Loading) return deployment;
            Assert.True(TimeProvider.System.GetElapsedTime(limit) < TimeSpan.FromSeconds(30), "The deployment did not end.");
            await Task.Yield();
        }
    }
}
