using Platform.Contracts.Models;
using Platform.Core.Experiments;
using Platform.Core.Models;
using Platform.Core.Results;
using Platform.Core.Serving;
using Platform.SharedState.Driven;

namespace Platform.Silo.Tests;

[Collection(nameof(DeploymentTests))] // They share the workers that the cluster sees.
public sealed class ExperimentTests(Cluster cluster)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly WatchedMetric Accuracy = new(Metric.Accuracy, MetricKind.Proportion);

    [Fact]
    public async Task Experiment_SplitsTrafficWhenAllArmsAreReady_DecidesAndGivesTrafficBack()
    {
        await using var bed = await Bed.MakeAsync(cluster);
        var begun = (await cluster.Experiments(bed.Model).BeginExperimentAsync(Spec(), unitsPerDay: 10_000, "ann")).Value!;
        Assert.Equal((ExperimentPhase.Starting, 1565), (begun.Phase, begun.Planned.PerArm));
        Assert.Equal(2 * 1565 / 10_000.0, begun.ExpectedDuration!.Value.TotalDays, 1e-4);
        Assert.Equal(["stable"], (await PlanAsync(bed.Model)).Routes.Select(route => route.Route));

        await bed.Worker.HasAsync(bed.Loaded("1.0.0"), bed.Loaded("2.0.0"));
        await UntilAsync(bed.Model, "exp", state => state.Phase is ExperimentPhase.Running);
        var plan = await PlanAsync(bed.Model);
        Assert.Equal([("arm:control", "1.0.0", 5_000), ("arm:treatment", "2.0.0", 5_000)], plan.Routes.Select(r => (r.Route, r.Version, r.WeightBasisPoints)));
        Assert.Equal((begun.Id, false), (plan.Experiment!.Id, plan.Experiment.ByRequest));

        // As many as are counted in one step: a look in between would decide on fewer.
        await cluster.Counted.AddAsync(begun.Id, 2, Outcomes(125, control: 0.5, treatment: 0.8));
        var ended = await UntilAsync(bed.Model, "exp", state => state.Released);

        Assert.Equal((ExperimentPhase.Decided, ExperimentDecision.ShipTreatment, "treatment"), (ended.Phase, ended.Results!.Verdict.Decision, ended.Results.Verdict.Winner));
        Assert.Equal([125, 125], ended.Results.Arms.Select(arm => arm.Units));
        var after = await PlanAsync(bed.Model);
        Assert.Null(after.Experiment);
        Assert.Equal(["stable"], after.Routes.Select(route => route.Route));
        Assert.Equal(["1.0.0"], after.Versions.Select(version => version.Version));
        Assert.NotEmpty(ended.History.Snapshots);
    }

    [Fact]
    public async Task Experiment_GoesOnFromWhatIsWritten_AfterEveryActivationIsGone()
    {
        await using var bed = await Bed.MakeAsync(cluster);
        var begun = (await cluster.Experiments(bed.Model).BeginExperimentAsync(Spec(), null, "ann")).Value!;
        await bed.ForgetAsync();
        await bed.Worker.HasAsync(bed.Loaded("1.0.0"), bed.Loaded("2.0.0"));
        await UntilAsync(bed.Model, "exp", state => state.Phase is ExperimentPhase.Running);
        await bed.ForgetAsync();
        await cluster.Counted.AddAsync(begun.Id, 2, Outcomes(800, control: 0.8, treatment: 0.5));
        await bed.ForgetAsync();

        var ended = await UntilAsync(bed.Model, "exp", state => state.Released);

        Assert.Equal(ExperimentDecision.KeepControl, ended.Results!.Verdict.Decision);
        Assert.Equal(begun.Id, ended.Id);
    }

    [Fact]
    public async Task Experiment_WhoseActivationIsLost_IsWokenThoughNobodyAsks()
    {
        await using var bed = await Bed.MakeAsync(cluster);
        var begun = (await cluster.Experiments(bed.Model).BeginExperimentAsync(Spec(), null, "ann")).Value!;
        await bed.ForgetAsync();
        await bed.Worker.HasAsync(bed.Loaded("1.0.0"), bed.Loaded("2.0.0"));

        // By what it does to traffic alone: asking the grain would wake it.
        var started = TimeProvider.System.GetTimestamp();
        while ((await PlanAsync(bed.Model)).Experiment?.Id != begun.Id)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Limit, "Nobody woke it.");
            await Task.Yield();
        }

        await cluster.Experiment(bed.Model, "exp").StopAsync("bob", "Enough.");
        Assert.DoesNotContain($"{bed.Model}/exp", await cluster.Service<OpenWork>().ListAsync(WorkKind.Experiment));
    }

    [Fact]
    public async Task Experiment_WhoseVersionDoesNotLoad_FailsAndLeavesTrafficAsItWas()
    {
        await using var bed = await Bed.MakeAsync(cluster);
        await cluster.Experiments(bed.Model).BeginExperimentAsync(Spec(), null, "ann");
        await bed.Worker.HasAsync(bed.Loaded("1.0.0"), bed.Loaded("2.0.0") with { State = LoadState.Failed, Reason = "No such operator." });

        var ended = await UntilAsync(bed.Model, "exp", state => state.Released);

        Assert.Equal(ExperimentPhase.Failed, ended.Phase);
        Assert.Contains("No such operator.", ended.Reason, StringComparison.Ordinal);
        Assert.Equal(["1.0.0"], (await PlanAsync(bed.Model)).Versions.Select(version => version.Version));
    }

    [Fact]
    public async Task Stop_EndsWithoutADecision_AndOnlyOnce()
    {
        await using var bed = await Bed.MakeAsync(cluster);
        await cluster.Experiments(bed.Model).BeginExperimentAsync(Spec(), null, "ann");
        await bed.Worker.HasAsync(bed.Loaded("1.0.0"), bed.Loaded("2.0.0"));
        await UntilAsync(bed.Model, "exp", state => state.Results is not null);

        var stopped = (await cluster.Experiment(bed.Model, "exp").StopAsync("bob", "Enough.")).Value!;

        Assert.Equal((ExperimentPhase.Stopped, true, ExperimentReason.Stopped), (stopped.Phase, stopped.Released, stopped.Results!.Verdict.Reason));
        Assert.Equal(RefusalReason.Conflict, (await cluster.Experiment(bed.Model, "exp").StopAsync("bob", "Again.")).Refusal?.Reason);
        Assert.Null((await PlanAsync(bed.Model)).Experiment);
    }

    [Fact]
    public async Task Traffic_BelongsToOneExperimentAtATime()
    {
        await using var bed = await Bed.MakeAsync(cluster);
        var model = cluster.Model(bed.Model);
        await cluster.Experiments(bed.Model).BeginExperimentAsync(Spec(), null, "ann");

        Assert.Equal(RefusalReason.Conflict, (await cluster.Experiments(bed.Model).BeginExperimentAsync(Spec() with { Name = "other" }, null, "ann")).Refusal?.Reason);
        Assert.Equal(RefusalReason.Conflict, (await model.BeginDeployAsync("2.0.0", new DeploymentConfig(), "ann")).Refusal?.Reason);
        Assert.Equal(RefusalReason.Conflict, (await model.UndeployAsync("1.0.0", "ann")).Refusal?.Reason);
        Assert.Null((await cluster.Experiment(bed.Model, "exp").StopAsync("bob", "Enough.")).Refusal);
        Assert.Contains("name", (await cluster.Experiments(bed.Model).BeginExperimentAsync(Spec(), null, "ann")).Refusal!.Detail, StringComparison.Ordinal);
        Assert.Null((await cluster.Experiments(bed.Model).BeginExperimentAsync(Spec() with { Name = "other" }, null, "ann")).Refusal);
        Assert.Equal(["other", "exp"], (await cluster.Experiments(bed.Model).ListExperimentsAsync()).Value!.Names);
        await cluster.Experiment(bed.Model, "other").StopAsync("bob", "Enough.");
    }

    [Fact]
    public async Task Begin_WithAVersionThatCannotBeAnArm_NamesTheField()
    {
        await using var bed = await Bed.MakeAsync(cluster);
        await Cluster.RegisterAsync(cluster.Model(bed.Model), "3.0.0", new ModelSignature(
            [new TensorSignature("other", "FP32", [1], [null])], [], "test", Cluster.Signature.Opsets, Cluster.Signature.Properties));

        foreach (var version in (string[])["9.0.0", "3.0.0"])
        {
            var refusal = (await cluster.Experiments(bed.Model).BeginExperimentAsync(Spec(version), null, "ann")).Refusal!;
            Assert.Equal((RefusalReason.Invalid, "arms[1].version"), (refusal.Reason, refusal.Field));
        }

        Assert.Equal(RefusalReason.NotFound, (await cluster.Experiments($"m-{Guid.NewGuid():n}").BeginExperimentAsync(Spec(), null, "ann")).Refusal?.Reason);
        Assert.Empty((await cluster.Experiments(bed.Model).ListExperimentsAsync()).Value!.Names);
    }

    [Fact]
    public async Task Begin_WithNothingInProduction_IsAConflict()
    {
        var (name, model) = await cluster.NewModelAsync();
        await Cluster.RegisterAsync(model, "1.0.0");
        await Cluster.RegisterAsync(model, "2.0.0");

        Assert.Equal(RefusalReason.Conflict, (await cluster.Experiments(name).BeginExperimentAsync(Spec(), null, "ann")).Refusal?.Reason);
    }

    private static ExperimentSpec Spec(string treatment = "2.0.0") => new(
        "exp", [new("control", "1.0.0", 50), new("treatment", treatment, 50)],
        new(Metric.Accuracy, MetricKind.Proportion, MetricDirection.Increase), MinimumEffect: 0.05, Baseline: 0.5);

    private static UnitOutcome[] Outcomes(int perArm, double control, double treatment) =>
    [
        .. Enumerable.Range(0, perArm).SelectMany(i => (UnitOutcome[])
        [
            new($"c{i}", 0, Accuracy, Hit(i, control)), new($"t{i}", 1, Accuracy, Hit(i, treatment)),
        ]),
    ];

    private static double Hit(int index, double share) => (int)((index + 1) * share) > (int)(index * share) ? 1 : 0;

    private Task<ModelPlan> PlanAsync(string model) => cluster.PlanAsync(model);

    private async Task<ExperimentState> UntilAsync(string model, string name, Func<ExperimentState, bool> holds)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var state = (await cluster.Experiment(model, name).GetAsync())!;
            if (holds(state)) return state;
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Limit, $"It stayed {state.Phase}: {state.Reason} {state.Results?.Verdict}");
            await Task.Yield();
        }
    }

    /// <summary>A model of the test's own with 1.0.0 in production and 2.0.0 registered, and a worker.</summary>
    private sealed class Bed(Cluster cluster) : IAsyncDisposable
    {
        private readonly Dictionary<string, ArtifactInfo> artifacts = [];

        public required string Model { get; init; }

        public required LivingWorker Worker { get; init; }

        public static async Task<Bed> MakeAsync(Cluster cluster)
        {
            var (name, model) = await cluster.NewModelAsync();
            var bed = new Bed(cluster) { Model = name, Worker = await LivingWorker.StartAsync(cluster) };
            foreach (var version in (string[])["1.0.0", "2.0.0"]) bed.artifacts[version] = await Cluster.RegisterAsync(model, version);
            await bed.Worker.HasAsync(bed.Loaded("1.0.0"));
            await EndOfAsync(model, (await model.BeginDeployAsync("1.0.0", new DeploymentConfig(), "ann")).Value!);
            return bed;
        }

        public LoadedVersion Loaded(string version) => new(Model, version, artifacts[version].Sha256, LoadState.Ready);

        /// <summary>Ends the activations of its model, as when their silo is gone.</summary>
        public Task ForgetAsync() => Cluster.ForgetAsync(cluster.Model(Model), cluster.Experiments(Model), cluster.Experiment(Model, "exp"));

        public ValueTask DisposeAsync() => Worker.DisposeAsync();

        private static async Task EndOfAsync(IModelGrain model, Deployment deployment)
        {
            var started = TimeProvider.System.GetTimestamp();
            while (deployment.State is DeploymentState.Loading)
            {
                Assert.True(TimeProvider.System.GetElapsedTime(started) < Limit, "The deployment did not end.");
                await Task.Yield();
                deployment = (await model.GetDeploymentAsync(deployment.Id)).Value!;
            }

            Assert.Equal(DeploymentState.Live, deployment.State);
        }
    }
}
