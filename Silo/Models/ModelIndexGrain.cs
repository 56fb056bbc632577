using System.Collections.Immutable;
using Platform.Contracts.Models;
using Platform.Core.Models;
using Platform.Core.Models.Search;
using Platform.Core.Results;
using Platform.SharedState.Artifacts;
using Platform.SharedState.Drift;
using Platform.SharedState.Models;
using Platform.SharedState.Protection;

namespace Platform.Silo.Models;

internal sealed partial class ModelIndexGrain(
    ModelIndexStore store, ArtifactStore artifacts, DriftStore drift, ProtectionStore protection, TimeProvider clock, ILogger<ModelIndexGrain> logger) : Grain, IModelIndexGrain
{
    private static readonly TimeSpan HoldFor = TimeSpan.FromHours(1);
    private readonly RegistryIndex index = new();
    private readonly Dictionary<string, DateTimeOffset> heldUntil = [];

    /// <summary>Files that nobody has any more and that could not be deleted yet.</summary>
    private readonly HashSet<string> leftOver = [];

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (var model in await store.LoadModelsAsync()) index.Put(model);
        foreach (var row in await store.LoadVersionsAsync()) index.Put(row);
    }

    public async Task<ImmutableArray<string>> PutAsync(ModelSummary summary)
    {
        if (index.IsStale(summary)) return [];
        var before = index.DatasetFiles(summary.Name);
        await store.PutAsync(summary);
        index.Put(summary);
        foreach (var file in before.Except(summary.DatasetFiles).Union(leftOver).ToArray()) await DeleteUnusedAsync(file, summary.Name);
        foreach (var row in index.Unlisted(summary.Name))
        {
            // While its file cannot be deleted the row stays, unseen, and the next change of the model tries again.
            if (await TryDeleteArtifactAsync(row)) await ForgetAsync(row);
        }

        return index.Missing(summary.Name);
    }

    public async Task PutVersionAsync(VersionSummary row)
    {
        await store.PutAsync(row);
        index.Put(row);
    }

    public Task HoldAsync(string sha256)
    {
        var now = clock.GetUtcNow();
        foreach (var (file, _) in heldUntil.Where(hold => hold.Value <= now).ToArray()) heldUntil.Remove(file);
        heldUntil[sha256] = now + HoldFor;
        return Task.CompletedTask;
    }

    public async Task LetGoAsync(string sha256)
    {
        heldUntil.Remove(sha256);
        await DeleteUnusedAsync(sha256, "an upload that came to nothing");
    }

    public Task<ImmutableArray<string>> FindUnownedAsync(ImmutableArray<string> files)
    {
        var now = clock.GetUtcNow();
        return Task.FromResult(files.Where(file => !index.IsInUse(file) && !(heldUntil.TryGetValue(file, out var until) && now < until)).ToImmutableArray());
    }

    public async Task RemoveAsync(string model)
    {
        // The model last: while it is there, a silo that starts wakes the model, which asks for this again.
        foreach (var row in index.Rows(model))
        {
            await TryDeleteArtifactAsync(row);
            await ForgetAsync(row);
        }

        var files = index.DatasetFiles(model);
        await store.RemoveAsync(model);
        index.Remove(model);
        foreach (var file in files) await DeleteUnusedAsync(file, model);
    }

    public Task<Outcome<Page<ModelSummary>>> SearchModelsAsync(SearchQuery query, int pageSize, string? pageToken) =>
        Task.FromResult(RegistrySearch.Models(index.Models, query, pageSize, pageToken));

    public Task<Outcome<Page<VersionSummary>>> SearchVersionsAsync(string? model, SearchQuery query, int pageSize, string? pageToken) =>
        Task.FromResult(RegistrySearch.Versions(model is null ? index.Versions : index.VersionsOf(model), query, pageSize, pageToken));

    public Task<ImmutableArray<VersionSummary>> GetVersionsAsync(string model) =>
        Task.FromResult(index.VersionsOf(model).Select(version => version.Summary).ToImmutableArray());

    private async Task ForgetAsync(VersionSummary row)
    {
        await drift.RemoveAsync(row.Model, row.Version);
        await protection.RemoveAsync(row.Model, row.Version);
        await store.RemoveAsync(row);
        index.Remove(row);
    }

    /// <summary>
    /// Deletes the file of a version that is gone, unless another version has it too. Here, because all that could come
    /// to refer to the file meanwhile has to wait for this very grain; before its row, so that a crash leaves the row to
    /// find the file by.
    /// </summary>
    private async Task DeleteUnusedAsync(string sha256, string owner)
    {
        leftOver.Remove(sha256);
        if (!await TryDeleteAsync(sha256, owner, besides: null)) leftOver.Add(sha256);
    }

    private Task<bool> TryDeleteArtifactAsync(VersionSummary row) =>
        row.Sha256 is { } sha256 ? TryDeleteAsync(sha256, $"{row.Model} {row.Version}", row) : Task.FromResult(true);

    /// <returns>Whether there is nothing left to do: it is deleted, or something else has it.</returns>
    private async Task<bool> TryDeleteAsync(string sha256, string owner, VersionSummary? besides)
    {
        if (index.IsInUse(sha256, besides)) return true;
        if (heldUntil.TryGetValue(sha256, out var until) && clock.GetUtcNow() < until) return false;
        try
        {
            await artifacts.DeleteAsync(sha256, CancellationToken.None);
            LogDeleted(sha256, owner);
            return true;
        }
        catch (Exception e)
        {
            LogNotDeleted(sha256, owner, e.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Information, "File {Sha256} was deleted with {Owner}, the last to have it.")]
    private partial void LogDeleted(string sha256, string owner);

    [LoggerMessage(LogLevel.Warning, "File {Sha256} of {Owner} could not be deleted: {Reason}")]
    private partial void LogNotDeleted(string sha256, string owner, string reason);
}
