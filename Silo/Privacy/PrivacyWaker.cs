using Platform.Contracts;
using Platform.Contracts.Privacy;
using Platform.SharedState;

namespace Platform.Silo.Privacy;

/// <summary>Sees to it after a silo's start that the retention policy has its reminder.</summary>
internal sealed partial class PrivacyWaker(IGrainFactory grains, TimeProvider clock, ILogger<PrivacyWaker> logger) : BackgroundService
{
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(RetryPeriod, clock);
        do
        {
            try
            {
                await grains.GetGrain<IDataRetentionGrain>(IDataRetentionGrain.Key).EnsureAsync();
                return;
            }
            catch (Exception e) when (e is ControlPlaneUnavailableException or OrleansException or TimeoutException || RedisFault.Is(e))
            {
                LogNotYet(e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(LogLevel.Debug, "The reminder of the retention policy could not be registered yet: {Reason}")]
    private partial void LogNotYet(string reason);
}
