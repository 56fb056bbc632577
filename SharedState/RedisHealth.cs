using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Platform.SharedState;

/// <summary>Whether Redis answers, asked each second, so that callers can be told at once instead of after a timeout.</summary>
public sealed partial class RedisHealth(IConnectionMultiplexer redis, TimeProvider clock, ILogger<RedisHealth> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private volatile bool isUp = true;

    public bool IsUp => isUp;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        var pulse = Pulse.Answered;
        do
        {
            pulse = await FeelAsync(pulse, stoppingToken);
            Report(!pulse.IsDown);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<Pulse> FeelAsync(Pulse before, CancellationToken cancellation)
    {
        try
        {
            await redis.GetDatabase().PingAsync().WaitAsync(Period, clock, cancellation);
            return Pulse.Answered;
        }
        catch (TimeoutException)
        {
            // What is asked while there is no connection waits for one, and only seems late.
            return redis.IsConnected ? before.Silent : Pulse.Broken;
        }
        catch (RedisException)
        {
            return Pulse.Broken;
        }
    }

    private void Report(bool answers)
    {
        if (answers == isUp) return;
        isUp = answers;
        if (answers) LogAnswered();
        else LogSilent();
    }

    [LoggerMessage(LogLevel.Warning, "Redis does not answer; control calls are refused until it does, inference goes on by the last plans.")]
    private partial void LogSilent();

    [LoggerMessage(LogLevel.Information, "Redis answers again.")]
    private partial void LogAnswered();
}
