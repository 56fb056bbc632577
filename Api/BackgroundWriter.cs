using Platform.SharedState;

namespace Platform.Api;

/// <summary>
/// Writes what waits to Redis every period, and once more when the host stops. While Redis is away it waits; that is said
/// once, and the next success says that it is over.
/// </summary>
/// <param name="what">What is written, for the log.</param>
internal abstract partial class BackgroundWriter(string what, TimeSpan period, TimeProvider clock, ILogger logger) : BackgroundService
{
    private bool isLost;

    /// <summary>Writes all that waits now.</summary>
    /// <exception cref="Exception">One that <see cref="RedisFault"/> knows: nothing is lost, the next call goes on.</exception>
    public abstract Task FlushAsync();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(period, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TryFlushAsync();
        }
        catch (OperationCanceledException)
        {
            // Stopping: what came until now is written once more.
            await TryFlushAsync();
        }
    }

    private async Task TryFlushAsync()
    {
        try
        {
            await FlushAsync();
            if (isLost) LogWrittenAgain(what);
            isLost = false;
        }
        catch (Exception e) when (RedisFault.Is(e))
        {
            if (!isLost) LogNotWritten(what, RedisFault.Describe(e));
            isLost = true;
        }
    }

    [LoggerMessage(LogLevel.Warning, "{What} could not be written to Redis ({Reason}); they wait in memory.")]
    private partial void LogNotWritten(string what, string reason);

    [LoggerMessage(LogLevel.Information, "{What} are written again.")]
    private partial void LogWrittenAgain(string what);
}
