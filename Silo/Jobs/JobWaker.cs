using Platform.Contracts;
using Platform.Contracts.Jobs;
using Platform.SharedState;
using Platform.SharedState.Jobs;

namespace Platform.Silo.Jobs;

/// <summary>
/// Calls every open job now and then. One whose silo died is activated by that on another, and goes on; a reminder would
/// take a minute.
/// </summary>
internal sealed partial class JobWaker(IGrainFactory grains, JobIndex index, TimeProvider clock, ILogger<JobWaker> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(3);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var job in await index.OpenAsync()) await grains.GetGrain<IJobGrain>(job).GetAsync();
            }
            catch (Exception e) when (e is ControlPlaneUnavailableException or OrleansException or TimeoutException || RedisFault.Is(e))
            {
                LogNotYet(e.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Debug, "Open jobs could not be woken: {Reason}")]
    private partial void LogNotYet(string reason);
}
