using System.Collections.Immutable;
using Platform.Contracts.Models;
using Platform.Contracts.Validations;
using Platform.Core.Models;
using Platform.Core.Models.Datasets;
using Platform.Core.Models.Gates;
using Platform.Core.Models.Validations;
using Platform.Core.Results;
using Platform.Core.Serving;

namespace Platform.Silo.Models;

internal sealed partial class ModelGrain : IModelQualityGrain
{
    private const int MaxDatasets = 64;

    public Task<Outcome<GatesView>> GetGatesAsync() => Task.FromResult<Outcome<GatesView>>(
        Current.Exists ? new GatesView(Current.Gates, Current.Revision) : Unknown());

    public async Task<Outcome<GatesView>> SetGatesAsync(ImmutableArray<Gate> gates, long? expectedRevision)
    {
        if (Refuse(expectedRevision) is { } refusal) return refusal;
        if (GateRules.Refuse(gates) is { } invalid) return invalid;
        if (!gates.SequenceEqual(Current.Gates)) await SaveAsync((Current with { Gates = gates }).Changed(clock.GetUtcNow()));
        return new GatesView(Current.Gates, Current.Revision);
    }

    public Task<Outcome<DatasetsView>> ListDatasetsAsync() => Task.FromResult<Outcome<DatasetsView>>(
        Current.Exists ? new DatasetsView(Current.Datasets) : Unknown());

    public Task<Refusal?> RefuseDatasetAsync(string name) => Task.FromResult(RefuseDataset(name));

    public async Task<Outcome<DatasetInfo>> PutDatasetAsync(DatasetInfo dataset)
    {
        if (RefuseDataset(dataset.Name) is { } refusal) return refusal;
        await SaveAsync((Current with
        {
            Datasets = [.. Current.Datasets.Where(other => other.Name != dataset.Name), dataset],
        }).Changed(clock.GetUtcNow()));
        return dataset;
    }

    public async Task<Outcome<DatasetInfo>> RemoveDatasetAsync(string name)
    {
        if (!Current.Exists) return Unknown();
        if (RefuseChoice(name, out var dataset) is not null) return Refusal.NotFound($"{Name} has no dataset {name}.");
        await SaveAsync((Current with { Datasets = Current.Datasets.Remove(dataset!) }).Changed(clock.GetUtcNow()));
        return dataset!;
    }

    public async Task<Outcome<ValidationRun>> BeginValidationAsync(string version, string? dataset, string actor)
    {
        if (!Resolve(version).Succeeded(out var known, out var unknown)) return unknown;
        if (RefuseChoice(dataset, out var chosen) is { } noDataset) return noDataset;
        var view = (await Version(known).GetAsync())!;
        if (Lifecycle.Refuse(view.Stage, VersionStage.Validating, StepCause.Validation) is { } refusal) return refusal;
        if (view is not { Artifact: { } artifact, Signature: { } signature })
            return Refusal.Conflict($"Version {view.Version} has no artifact. Upload one first (PUT …/versions/{view.Version}/artifact).");

        var now = clock.GetUtcNow();
        var plan = Current.ToPlan(Name);
        var production = Current.Production is { } name && name != view.Version && plan.Find(name) is { } placed ? Measured(placed) : null;
        var run = new ValidationRun(
            Guid.CreateVersion7(now).ToString("n"), Name,
            Measured(plan.Find(view.Version) ?? new PlacedVersion(view.Version, artifact, signature, new DeploymentConfig())),
            production, chosen, Current.Gates, actor, now);
        foreach (var file in chosen?.Files ?? []) await Index.HoldAsync(file.Sha256);
        // Recorded first: should the step fail or this silo die, the run takes the step itself.
        await GrainFactory.GetGrain<IValidationGrain>($"{Name}@{VersionNumber.Canonical(known)}/{run.Id}").BeginAsync(run);
        var step = await StepValidationAsync(run);
        return step.Refusal is { } conflict ? conflict : run;
    }

    public Task<Outcome<VersionView>> StepValidationAsync(ValidationRun run) => OnVersionAsync(
        run.Version.Version,
        grain => grain.StepValidationAsync(ValidationJudge.StageOf(run.State), run.Id, run.By, ReasonOf(run)));

    public Task<Outcome<VersionView>> ApproveAsync(string version, string comment, string actor) => OnVersionAsync(
        version, grain => grain.ApproveAsync(Guid.CreateVersion7(clock.GetUtcNow()).ToString("n"), actor, comment));

    private MeasuredVersion Measured(PlacedVersion placed) => new(
        placed.Version, placed.Artifact, placed.Signature, placed.Config.Device,
        placed.Config.Batching?.MaxBatchSize ?? MeasuredVersion.DefaultMaxBatchSize,
        ScoreReading.Of(Current.Metadata?.Task, placed.Config.Feedback));

    private static string ReasonOf(ValidationRun run) => run.State switch
    {
        ValidationState.Running => "Validation began.",
        ValidationState.Passed => "Every check and gate passed.",
        _ => run.Reason ?? "Validation ended.",
    };

    private Refusal? RefuseDataset(string name)
    {
        if (!Current.Exists) return Unknown();
        if (!Names.IsValid(name)) return Refusal.Invalid("name", Names.Rule);
        return Current.Datasets.Length >= MaxDatasets && Current.Datasets.All(other => other.Name != name)
            ? new Refusal(RefusalReason.LimitReached, $"A model has at most {MaxDatasets} datasets. Replace one of them.")
            : null;
    }

    private Refusal? RefuseChoice(string? name, out DatasetInfo? chosen)
    {
        var names = string.Join(", ", Current.Datasets.Select(dataset => dataset.Name));
        chosen = name is null && Current.Datasets is [var only] ? only : Current.Datasets.FirstOrDefault(dataset => dataset.Name == name);
        if (name is null && Current.Datasets.Length > 1) return Refusal.Invalid("dataset", $"{Name} has several datasets. Give one of {names}.");
        return name is not null && chosen is null
            ? Refusal.Invalid("dataset", $"{Name} has no dataset {name}. It has {(names.Length == 0 ? "none" : names)}.")
            : null;
    }
}
