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
        do
        {
            Report(await AnswersAsync(stoppingToken));
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            await redis.GetDatabase().PingAsync().WaitAsync(Period, clock, cancellation);
            return true;
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            return false;
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
