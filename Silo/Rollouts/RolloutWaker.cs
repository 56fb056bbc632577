using Platform.Contracts;
using Platform.Contracts.Rollouts;
using Platform.SharedState;
using Platform.SharedState.Rollouts;

namespace Platform.Silo.Rollouts;

/// <summary>
/// Calls every open rollout now and then. One whose silo died is activated by that on another, and goes on; a
/// reminder would take a minute.
/// </summary>
internal sealed partial class RolloutWaker(
    IGrainFactory grains, OpenRollouts open, TimeProvider clock, ILogger<RolloutWaker> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var rollout in await open.ListAsync()) await grains.GetGrain<IRolloutGrain>(rollout).GetAsync();
            }
            catch (Exception e) when (e is ControlPlaneUnavailableException or OrleansException or TimeoutException || RedisFault.Is(e))
            {
                LogNotYet(e.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Debug, "Open rollouts could not be woken: {Reason}")]
    private partial void LogNotYet(string reason);
}
