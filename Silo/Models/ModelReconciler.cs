using Platform.Contracts;
using Platform.Contracts.Models;
using Platform.SharedState;
using Platform.SharedState.Models;

namespace Platform.Silo.Models;

/// <summary>
/// Wakes every model once after the silo has started, so that a deployment which a crash cut short goes on without
/// waiting for somebody to ask for the model.
/// </summary>
internal sealed partial class ModelReconciler(
    IGrainFactory grains, ModelIndexStore index, TimeProvider clock, ILogger<ModelReconciler> logger) : BackgroundService
{
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!await TryReconcileAsync(stoppingToken)) await Task.Delay(RetryPeriod, clock, stoppingToken);
    }

    private async Task<bool> TryReconcileAsync(CancellationToken cancellation)
    {
        try
        {
            var models = await index.LoadModelsAsync();
            await Parallel.ForEachAsync(
                models,
                new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellation },
                async (model, _) => await grains.GetGrain<IModelGrain>(model.Name).ReconcileAsync());
            LogReconciled(models.Count);
            return true;
        }
        catch (Exception e) when (e is ControlPlaneUnavailableException or OrleansException || RedisFault.Is(e))
        {
            LogNotYet(e.Message);
            return false;
        }
    }

    [LoggerMessage(LogLevel.Information, "{Count} models were reconciled.")]
    private partial void LogReconciled(int count);

    [LoggerMessage(LogLevel.Warning, "Models could not be reconciled yet: {Reason}")]
    private partial void LogNotYet(string reason);
}
