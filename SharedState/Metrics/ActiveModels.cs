using StackExchange.Redis;

namespace Platform.SharedState.Metrics;

/// <summary>When each model was last counted, asked once for all who want to know it in the same moment.</summary>
public sealed class ActiveModels(IConnectionMultiplexer redis)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(2);

    /// <summary>A process that flushes late writes an earlier minute over a later one.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(5);

    private (DateTimeOffset At, Task<Dictionary<string, double>> Minutes) last;

    /// <summary>Whether there may be counts of it since then.</summary>
    public async Task<bool> MayHaveCountsAsync(string model, DateTimeOffset since, DateTimeOffset now)
    {
        var known = last;
        if (known.Minutes is null || known.Minutes.IsFaulted || (now - known.At).Duration() >= MaxAge) last = known = (now, ReadAsync());
        return (await known.Minutes).TryGetValue(model, out var minute)
            && minute >= (double)(since - Slack).ToUnixTimeSeconds() / SlotPlan.Minute - 1;
    }

    private async Task<Dictionary<string, double>> ReadAsync() =>
        (await redis.GetDatabase().SortedSetRangeByScoreWithScoresAsync(Keys.MetricModels)).ToDictionary(model => (string)model.Element!, model => model.Score);
}
