using System.Collections.Immutable;
using Platform.Contracts;
using Platform.Contracts.Models;
using Platform.Core.Models;
using Platform.Core.Models.Datasets;
using Platform.Core.Models.Gates;
using Platform.Core.Models.Validations;
using Platform.Core.Results;
using Platform.Silo.Validations;

namespace Platform.Silo.Tests;

[Collection(nameof(DeploymentTests))] // They share the workers that the cluster sees.
public sealed class ValidationTests(Cluster cluster)
{
    private static readonly Gate Accuracy = new(GateMetrics.Accuracy, ComparisonOperator.AtLeast, 0.95);

    [Theory]
    [InlineData(0.98, ValidationState.Passed, VersionStage.Validated)]
    [InlineData(0.60, ValidationState.Failed, VersionStage.Rejected)]
    public async Task Validate_EndsAsTheGatesSayAndKeepsTheEvidence(double accuracy, ValidationState state, VersionStage stage)
    {
        var (name, model, quality) = await NewAsync();
        await quality.SetGatesAsync([Accuracy], null);
        await using var worker = await FakeMeasurer.StartAsync(cluster, _ => Measured(accuracy));

        var run = (await quality.BeginValidationAsync("1.0.0", null, "bob")).Value!;
        var ended = await EndOfAsync(name, run.Id);

        Assert.Equal((state, 1, worker.Id), (ended.State, ended.Attempts, ended.Worker));
        Assert.Equal(accuracy, ended.Report!.Gates[0].Measured);
        Assert.Equal(Cluster.InternalKey, worker.Key);
        var history = await model.GetVersionHistoryAsync("1.0.0");
        Assert.Equal([VersionStage.Created, VersionStage.Validating, stage], history.Select(step => step.To));
        Assert.All(history.Skip(1), step => Assert.Equal(new StageEvidence(EvidenceKind.ValidationRun, run.Id), step.Evidence));
    }

    [Fact]
    public async Task Validate_WhenTheFirstWorkerDies_GoesToTheOther()
    {
        var (name, _, quality) = await NewAsync();
        await using var dying = await FakeMeasurer.StartAsync(cluster, _ => Task.FromResult<Measurement?>(null));
        await using var other = await FakeMeasurer.StartAsync(cluster, _ => Measured(0.9), queueDepth: 5);
        await SeesAsync(2);

        var ended = await EndOfAsync(name, (await quality.BeginValidationAsync("1.0.0", null, "bob")).Value!.Id);

        Assert.Equal((ValidationState.Passed, 2, other.Id), (ended.State, ended.Attempts, ended.Worker));
        // The connection pool may try a request again whose connection broke before any answer.
        Assert.InRange(dying.Calls, 1, 2);
    }

    [Fact]
    public async Task Validate_ThatNoWorkerSurvives_IsAnErrorAndTheVersionIsAsIfNew()
    {
        var (name, model, quality) = await NewAsync();
        await using var dying = await FakeMeasurer.StartAsync(cluster, _ => Task.FromResult<Measurement?>(null));

        var ended = await EndOfAsync(name, (await quality.BeginValidationAsync("1.0.0", null, "bob")).Value!.Id);

        Assert.Equal((ValidationState.Error, 3), (ended.State, ended.Attempts));
        Assert.Contains("broke off", ended.Reason, StringComparison.Ordinal);
        Assert.Equal(VersionStage.Created, (await model.GetVersionAsync("1.0.0")).Value!.Stage);
        Assert.Equal(VersionStage.Validating, (await model.GetVersionHistoryAsync("1.0.0"))[^1].From);
    }

    [Fact]
    public async Task Validate_WhileOneRuns_IsAConflictAndTheRunAnswersAsRunning()
    {
        var (name, _, quality) = await NewAsync();
        var gate = new TaskCompletionSource<Measurement?>();
        await using var worker = await FakeMeasurer.StartAsync(cluster, _ => gate.Task);
        var run = (await quality.BeginValidationAsync("1.0.0", null, "bob")).Value!;

        Assert.Equal(RefusalReason.Conflict, (await quality.BeginValidationAsync("1.0.0", null, "bob")).Refusal!.Reason);
        Assert.Equal(ValidationState.Running, (await cluster.Validation($"{name}@1.0.0/{run.Id}").GetAsync())!.State);
        gate.SetResult(await Measured(0.9));

        Assert.Equal(ValidationState.Passed, (await EndOfAsync(name, run.Id)).State);
    }

    [Fact]
    public async Task Validate_WhenTheRunCannotBeRecorded_LeavesTheVersionAsItWas()
    {
        var (name, model, quality) = await NewAsync();
        cluster.Storage.Fail($"validation/{name}");

        await Assert.ThrowsAsync<ControlPlaneUnavailableException>(() => quality.BeginValidationAsync("1.0.0", null, "bob"));

        cluster.Storage.Mend($"validation/{name}");
        Assert.Equal(VersionStage.Created, (await model.GetVersionAsync("1.0.0")).Value!.Stage);
        await using var worker = await FakeMeasurer.StartAsync(cluster, _ => Measured(0.9));
        Assert.Equal(ValidationState.Passed, (await EndOfAsync(name, (await quality.BeginValidationAsync("1.0.0", null, "bob")).Value!.Id)).State);
    }

    [Fact]
    public async Task Activation_OfARunWhoseSiloDiedBeforeItsVersionMoved_CarriesItThrough()
    {
        var (name, model, _) = await NewAsync();
        var run = await OrphanAsync(name, model, settled: false, ValidationState.Running);
        await using var worker = await FakeMeasurer.StartAsync(cluster, _ => Measured(0.9));

        Assert.Equal(ValidationState.Passed, (await EndOfAsync(name, run.Id)).State);
        Assert.Equal(VersionStage.Validated, (await model.GetVersionAsync("1.0.0")).Value!.Stage);
    }

    [Fact]
    public async Task Activation_OfARunWhoseSiloDiedAfterTheVerdict_OnlyTakesTheStep()
    {
        var (name, model, quality) = await NewAsync();
        var run = await OrphanAsync(name, model, settled: false, ValidationState.Failed);
        await quality.StepValidationAsync(run with { State = ValidationState.Running });

        var ended = await EndOfAsync(name, run.Id);

        Assert.Equal((ValidationState.Failed, 0), (ended.State, ended.Attempts));
        Assert.Equal(VersionStage.Rejected, (await model.GetVersionAsync("1.0.0")).Value!.Stage);
    }

    [Fact]
    public async Task Reminder_IsThereWhileARunIsOpen()
    {
        var (name, _, quality) = await NewAsync();
        var gate = new TaskCompletionSource<Measurement?>();
        await using var worker = await FakeMeasurer.StartAsync(cluster, _ => gate.Task);
        var run = (await quality.BeginValidationAsync("1.0.0", null, "bob")).Value!;
        var grain = cluster.Validation($"{name}@1.0.0/{run.Id}");

        await Cluster.RemindAsync(grain, "drive");

        Assert.Equal("drive", Assert.Single(await cluster.RemindersAsync(grain)).ReminderName);
        gate.SetResult(await Measured(0.9));
        await EndOfAsync(name, run.Id);
        await Cluster.RemindAsync(grain, "drive");
        Assert.Empty(await cluster.RemindersAsync(grain));
    }

    [Fact]
    public async Task Reminder_OfARunWhoseSiloDied_CarriesItThroughWithNobodyAsking()
    {
        var (name, model, quality) = await NewAsync();
        var run = await OrphanAsync(name, model, settled: false, ValidationState.Failed);
        await quality.StepValidationAsync(run with { State = ValidationState.Running });

        await Cluster.RemindAsync(cluster.Validation($"{name}@1.0.0/{run.Id}"), "drive");

        await UntilAsync(async () => (await model.GetVersionAsync("1.0.0")).Value!.Stage is VersionStage.Rejected, "the version to take its step");
    }

    [Fact]
    public async Task Validate_OfAVersionThatAHandTookBack_LeavesItThere()
    {
        var (name, model, quality) = await NewAsync();
        var gate = new TaskCompletionSource<Measurement?>();
        await using var worker = await FakeMeasurer.StartAsync(cluster, _ => gate.Task);
        var run = (await quality.BeginValidationAsync("1.0.0", null, "bob")).Value!;
        Assert.Null((await model.MoveVersionAsync("1.0.0", VersionStage.Created, "cat", "Not yet.")).Refusal);
        gate.SetResult(await Measured(0.9));

        var ended = await EndOfAsync(name, run.Id);

        Assert.Contains("left as it is", ended.Reason, StringComparison.Ordinal);
        Assert.Equal(VersionStage.Created, (await model.GetVersionAsync("1.0.0")).Value!.Stage);
    }

    [Fact]
    public async Task Approve_NeedsAnotherPersonAndIsEvidence()
    {
        var (_, model, quality) = await NewAsync();
        Assert.Equal(RefusalReason.Conflict, (await quality.ApproveAsync("1.0.0", "Fine.", "bob")).Refusal!.Reason);
        await model.MoveVersionAsync("1.0.0", VersionStage.Validating, "ann", "x");
        await model.MoveVersionAsync("1.0.0", VersionStage.Validated, "ann", "x");

        var own = await quality.ApproveAsync("1.0.0", "Mine.", "ann");
        var other = await quality.ApproveAsync("1.0.0", "Fine.", "bob");

        Assert.Contains("somebody else", own.Refusal!.Detail, StringComparison.Ordinal);
        Assert.Equal(VersionStage.Staged, other.Value!.Stage);
        var step = (await model.GetVersionHistoryAsync("1.0.0"))[^1];
        Assert.Equal(("bob", "Fine.", EvidenceKind.Approval), (step.By, step.Reason, step.Evidence!.Kind));
    }

    [Fact]
    public async Task Gates_WhenTheStoreFails_StayAsTheyWere()
    {
        var (name, _, quality) = await NewAsync();
        await quality.SetGatesAsync([Accuracy], null);
        cluster.Storage.Fail($"model/{name}");

        await Assert.ThrowsAsync<ControlPlaneUnavailableException>(() => quality.SetGatesAsync([], null));

        cluster.Storage.Mend($"model/{name}");
        Assert.Equal(Accuracy, Assert.Single((await quality.GetGatesAsync()).Value!.Gates));
        Assert.Equal("gates[0].metric", (await quality.SetGatesAsync([new Gate("speed")], null)).Refusal!.Field);
    }

    [Fact]
    public async Task Dataset_IsChosenByNameAndNeedNotBeNamedWhenThereIsOne()
    {
        var (_, _, quality) = await NewAsync();
        await quality.PutDatasetAsync(Dataset("a"));
        Assert.Equal("dataset", (await quality.BeginValidationAsync("1.0.0", "b", "bob")).Refusal!.Field);
        await quality.PutDatasetAsync(Dataset("b"));
        Assert.Equal("dataset", (await quality.BeginValidationAsync("1.0.0", null, "bob")).Refusal!.Field);
        Assert.Equal("name", (await quality.PutDatasetAsync(Dataset("Upper"))).Refusal!.Field);

        Assert.Equal("b", (await quality.BeginValidationAsync("1.0.0", "b", "bob")).Value!.Dataset!.Name);
    }

    private static DatasetInfo Dataset(string name) =>
        new(name, DatasetFormat.Jsonl, new ArtifactInfo(1, new string('0', 64), true, null), null, 1, "ann", default);

    private static Task<Measurement?> Measured(double accuracy) => Task.FromResult<Measurement?>(new(
        [new("load", CheckVerdict.Pass, "Loaded.")], ImmutableSortedDictionary<string, double>.Empty.Add(GateMetrics.Accuracy, accuracy), 10));

    private async Task<(string Name, IModelGrain Model, IModelQualityGrain Quality)> NewAsync()
    {
        var (name, model) = await cluster.NewModelAsync();
        await Cluster.RegisterAsync(model, "1.0.0");
        return (name, model, cluster.Quality(name));
    }

    /// <summary>A run as a silo leaves it that dies right after the write.</summary>
    private async Task<ValidationRun> OrphanAsync(string name, IModelGrain model, bool settled, ValidationState state)
    {
        var view = (await model.GetVersionAsync("1.0.0")).Value!;
        var run = new ValidationRun(
            Guid.NewGuid().ToString("n"), name, new MeasuredVersion("1.0.0", view.Artifact!, view.Signature!), null, null, [], "bob", default, state);
        var grain = cluster.Validation($"{name}@1.0.0/{run.Id}").GetGrainId();
        await cluster.Storage.WriteStateAsync("validation", grain, new GrainState<ValidationRecord>(new ValidationRecord { Run = run, Settled = settled }));
        return run;
    }

    private Task SeesAsync(int workers) => UntilAsync(() => Task.FromResult(cluster.Directory.Workers.Length >= workers), "the workers to be seen");

    private async Task<ValidationRun> EndOfAsync(string model, string id)
    {
        ValidationRun? run = null;
        await UntilAsync(
            async () => (run = await cluster.Validation($"{model}@1.0.0/{id}").GetAsync())!.State is not ValidationState.Running, "the run to end");
        return run!;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(30), $"Waited in vain for {what}.");
            await timer.WaitForNextTickAsync();
        }
    }
}
