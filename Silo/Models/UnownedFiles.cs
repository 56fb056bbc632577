using Platform.Contracts.Models;
using Platform.SharedState.Artifacts;
using Platform.SharedState.Models;

namespace Platform.Silo.Models;

/// <summary>
/// Deletes files of which nobody knows: a process that dies between an upload's file and its version leaves one. A file
/// goes only when it was unowned at two looks with all models and versions woken in between, so that one whose owner
/// has not told the index yet is left alone.
/// </summary>
internal sealed partial class UnownedFiles(
    IGrainFactory grains, ModelIndexStore index, ArtifactStore artifacts, TimeProvider clock, ILogger<UnownedFiles> logger)
{
    public static readonly TimeSpan Period = TimeSpan.FromHours(1);

    /// <summary>Longer than an upload takes from its last byte to its version.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromHours(1);

    private HashSet<string> suspected = [];

    private IModelIndexGrain Index => grains.GetGrain<IModelIndexGrain>(IModelIndexGrain.Key);

    public async Task SweepAsync(CancellationToken cancellation)
    {
        var old = await artifacts.ListAsync(clock.GetUtcNow() - Age, cancellation);
        var unowned = await Index.FindUnownedAsync([.. old]);
        foreach (var file in unowned.Where(suspected.Contains))
        {
            await Index.LetGoAsync(file);
            LogSwept(file);
        }

        suspected = [.. unowned];
        if (suspected.Count > 0) await WakeAsync(cancellation);
    }

    /// <summary>Has everything that may own a file tell the index of it.</summary>
    private async Task WakeAsync(CancellationToken cancellation)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellation };
        await Parallel.ForEachAsync(
            await index.LoadModelsAsync(), parallel, async (model, _) => await grains.GetGrain<IModelGrain>(model.Name).ReconcileAsync());
        var bare = (await index.LoadVersionsAsync()).Where(row => row.Sha256 is null);
        await Parallel.ForEachAsync(
            bare, parallel, async (row, _) => await grains.GetGrain<IModelGrain>(row.Model).GetVersionAsync(row.Version));
    }

    [LoggerMessage(LogLevel.Warning, "File {Sha256} had no owner any more, as after a process that died over an upload; it was deleted.")]
    private partial void LogSwept(string sha256);
}
