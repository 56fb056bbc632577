using System.Collections.Immutable;
using Orleans.Core.Internal;
using Platform.Contracts.Models;
using Platform.Contracts.Rollouts;
using Platform.Core.Models;
using Platform.Core.Results;
using Platform.Core.Rollouts;
using Platform.Core.Serving;

namespace Platform.Silo.Tests;

[Collection(nameof(DeploymentTests))] // They share the workers that the cluster sees.
public sealed class RolloutTests(Cluster cluster)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Held until somebody does something.</summary>
    private static readonly RolloutRequest Held = new("2.0.0", Steps: [new(25, TimeSpan.FromHours(1))]);

    /// <summary>Nothing to wait for.</summary>
    private static readonly RolloutRequest AtOnce = new("2.0.0", Steps: [new(100)], AutoPromote: true);

    [Fact]
    public async Task Rollout_UntilWorkersAreReady_ChangesNoTraffic()
    {
        await using var stage = await Stage.SetAsync(cluster, loads: false);
        var rollout = (await stage.Rollouts.BeginRolloutAsync(Held, "ann")).Value!;

        Assert.Equal(["1.0.0", "2.0.0"], (await stage.Model.GetAsync()).Value!.Deployed);
        Assert.Equal(RolloutPhase.Pending, (await stage.Grain(rollout).GetAsync())!.Rollout.Phase);
        await stage.LoadAsync();
        var view = await stage.UntilAsync(rollout, RolloutPhase.Progressing);

        Assert.Equal((25d, RolloutReason.HoldingStep), (view.Rollout.Weight, await stage.ReasonAsync(rollout, RolloutReason.HoldingStep)));
        Assert.Equal("1.0.0", (await stage.Model.GetAsync()).Value!.Production);
    }

    [Fact]
    public async Task Rollout_ThatEnds_MovesProductionAndSaysSo()
    {
        await using var stage = await Stage.SetAsync(cluster);
        var rollout = (await stage.Rollouts.BeginRolloutAsync(AtOnce, "ann")).Value!;
        await stage.UntilAsync(rollout, RolloutPhase.Succeeded);

        var history = (await stage.Model.GetHistoryAsync(null)).Value!;
        Assert.Equal("2.0.0", history.Production!.Version);
        Assert.Equal(ProductionMoveKind.Rollout, history.Moves[^1].Kind);
        Assert.Contains(rollout.Id, history.Moves[^1].Reason, StringComparison.Ordinal);
        Assert.Equal(VersionStage.Deployed, (await stage.Model.GetVersionAsync("2.0.0")).Value!.Stage);
        // Switched already: the same again is no second move.
        Assert.Null((await stage.Rollouts.SwitchAsync(rollout.Id, "ann", "again")).Refusal);
        Assert.Equal(history.Moves.Length, (await stage.Model.GetHistoryAsync(null)).Value!.Moves.Length);
        Assert.Equal([rollout.Id], (await stage.Rollouts.ListRolloutsAsync()).Value!.Ids);
    }

    [Fact]
    public async Task Rollout_ThatDoesNotLoad_FailsAndLeavesTheWorkers()
    {
        await using var stage = await Stage.SetAsync(cluster, loads: false);
        await stage.FailToLoadAsync();
        var rollout = (await stage.Rollouts.BeginRolloutAsync(Held, "ann")).Value!;

        var view = await stage.UntilAsync(rollout, RolloutPhase.Failed);

        Assert.Equal(RolloutReason.NotLoadable, view.Rollout.Reason);
        await stage.UntilDeployedAsync("1.0.0");
        Assert.Null((await stage.Rollouts.BeginRolloutAsync(Held, "ann")).Refusal);
    }

    [Fact]
    public async Task Rollout_WhoseVersionNoWorkerHasAnyMore_IsRolledBack()
    {
        await using var stage = await Stage.SetAsync(cluster);
        var rollout = (await stage.Rollouts.BeginRolloutAsync(Held, "ann")).Value!;
        await stage.UntilAsync(rollout, RolloutPhase.Progressing);
        await stage.LoseAsync();

        var view = await stage.UntilAsync(rollout, RolloutPhase.RolledBack);

        Assert.Equal(RolloutReason.CanaryLost, view.Rollout.Reason);
        await stage.UntilDeployedAsync("1.0.0");
    }

    [Fact]
    public async Task Rollout_Aborted_TakesTrafficBackAndThenUnloads()
    {
        await using var stage = await Stage.SetAsync(cluster);
        var rollout = (await stage.Rollouts.BeginRolloutAsync(Held, "ann")).Value!;
        await stage.UntilAsync(rollout, RolloutPhase.Progressing);

        var told = await stage.Grain(rollout).CommandAsync(RolloutCommand.Abort, "bob", "A hunch.");

        var change = Assert.Single(told.Value!.Rollout.Timeline, change => change.State is RolloutPhase.Aborting);
        Assert.Equal(("bob", "A hunch.", 0d), (change.By, change.Detail, change.Weight));
        await stage.UntilAsync(rollout, RolloutPhase.RolledBack);
        await stage.UntilDeployedAsync("1.0.0");
        Assert.Equal(RefusalReason.Conflict, (await stage.Grain(rollout).CommandAsync(RolloutCommand.Promote, "bob", "No, do.")).Refusal!.Reason);
    }

    [Fact]
    public async Task Rollout_WhoseActivationIsLost_GoesOnFromWhatIsWritten()
    {
        await using var stage = await Stage.SetAsync(cluster);
        var rollout = (await stage.Rollouts.BeginRolloutAsync(Held with { Steps = [new(10, TimeSpan.FromSeconds(1)), new(100)], AutoPromote = true, MaxWait = TimeSpan.FromSeconds(1) }, "ann")).Value!;
        var before = await stage.UntilAsync(rollout, RolloutPhase.Progressing);
        await stage.Grain(rollout).Cast<IGrainManagementExtension>().DeactivateOnIdle(TestContext.Current.CancellationToken);

        // There is no traffic: after its wait it asks for a person, having gone through no step twice.
        var view = await stage.UntilAsync(rollout, RolloutPhase.Paused);

        Assert.Equal(RolloutReason.WaitedTooLong, view.Rollout.Reason);
        Assert.Contains("100", view.Rollout.Detail, StringComparison.Ordinal);
        Assert.Equal(before.Rollout.Timeline.Length + 1, view.Rollout.Timeline.Length);
        await stage.Grain(rollout).CommandAsync(RolloutCommand.Promote, "bob", "I looked at it.");
        await stage.UntilAsync(rollout, RolloutPhase.Succeeded);
    }

    [Fact]
    public async Task While_OneIsUnderWay_NothingElseMovesTraffic()
    {
        await using var stage = await Stage.SetAsync(cluster);
        var rollout = (await stage.Rollouts.BeginRolloutAsync(Held, "ann")).Value!;

        Assert.Equal(RefusalReason.Conflict, (await stage.Rollouts.BeginRolloutAsync(Held, "ann")).Refusal!.Reason);
        Assert.Equal(RefusalReason.Conflict, (await stage.Model.BeginDeployAsync("2.0.0", new(), "ann")).Refusal!.Reason);
        Assert.Equal(RefusalReason.Conflict, (await stage.Model.UndeployAsync("1.0.0", "ann")).Refusal!.Reason);
        Assert.Equal(RefusalReason.Conflict, (await stage.Rollouts.HoldTrafficAsync("another", new(100, 0, false))).Refusal!.Reason);
        await stage.Grain(rollout).CommandAsync(RolloutCommand.Abort, "ann", "Done.");
        await stage.UntilAsync(rollout, RolloutPhase.RolledBack);
    }

    [Theory]
    [InlineData("1.0.0", RefusalReason.Invalid, "to"), InlineData("9.9.9", RefusalReason.NotFound, "to"), InlineData("3.0.0", RefusalReason.Conflict, null)]
    public async Task Rollout_OfWhatCannotBe_IsRefused(string to, RefusalReason reason, string? field)
    {
        await using var stage = await Stage.SetAsync(cluster);
        await stage.Model.RegisterVersionAsync("3.0.0", Cluster.VersionMetadata, "ann");
        var refusal = (await stage.Rollouts.BeginRolloutAsync(Held with { To = to }, "ann")).Refusal!;
        Assert.Equal((reason, field), (refusal.Reason, refusal.Field));
    }

    /// <summary>A model with 1.0.0 in production on a worker that may load 2.0.0.</summary>
    private sealed class Stage(Cluster cluster, string name, IModelGrain model, LivingWorker worker, LoadedVersion stable, LoadedVersion canary) : IAsyncDisposable
    {
        public IModelGrain Model => model;

        public IModelRolloutGrain Rollouts => cluster.Rollouts(name);

        public static async Task<Stage> SetAsync(Cluster cluster, bool loads = true)
        {
            var (name, model) = await cluster.NewModelAsync();
            var (first, second) = (await Cluster.RegisterAsync(model, "1.0.0"), await Cluster.RegisterAsync(model, "2.0.0"));
            var worker = await LivingWorker.StartAsync(cluster);
            var stable = new LoadedVersion(name, "1.0.0", first.Sha256, LoadState.Ready);
            var stage = new Stage(cluster, name, model, worker, stable, new LoadedVersion(name, "2.0.0", second.Sha256, LoadState.Ready));
            await worker.HasAsync(stable);
            var deployment = (await model.BeginDeployAsync("1.0.0", new(), "ann")).Value!;
            await UntilAsync(async () => (await model.GetDeploymentAsync(deployment.Id)).Value!.State is DeploymentState.Live, "the deployment");
            if (loads) await stage.LoadAsync();
            return stage;
        }

        public Task LoadAsync() => worker.HasAsync(stable, canary);

        public Task LoseAsync() => worker.HasAsync(stable);

        public Task FailToLoadAsync() => worker.HasAsync(stable, canary with { State = LoadState.Failed, Reason = "No such operator." });

        public IRolloutGrain Grain(RolloutState rollout) => cluster.Rollout(name, rollout.Id);

        public async Task<RolloutView> UntilAsync(RolloutState rollout, RolloutPhase phase)
        {
            RolloutView? view = null;
            await UntilAsync(async () => (view = await Grain(rollout).GetAsync()) is { } seen && seen.Rollout.Phase == phase, () => $"{phase}; it is {view?.Rollout.Phase}: {view?.Rollout.Detail}");
            return view!;
        }

        public async Task<RolloutReason> ReasonAsync(RolloutState rollout, RolloutReason reason)
        {
            await UntilAsync(async () => (await Grain(rollout).GetAsync())!.Rollout.Reason == reason, $"{reason}");
            return reason;
        }

        public Task UntilDeployedAsync(params ImmutableArray<string> versions) =>
            UntilAsync(async () => (await model.GetAsync()).Value!.Deployed.SequenceEqual(versions), string.Join(", ", versions));

        public ValueTask DisposeAsync() => worker.DisposeAsync();

        private static Task UntilAsync(Func<Task<bool>> condition, string what) => UntilAsync(condition, () => what);

        private static async Task UntilAsync(Func<Task<bool>> condition, Func<string> what)
        {
            var started = TimeProvider.System.GetTimestamp();
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (!await condition())
            {
                Assert.True(TimeProvider.System.GetElapsedTime(started) < Limit, $"Waited in vain for {what()}.");
                await timer.WaitForNextTickAsync();
            }
        }
    }
}
