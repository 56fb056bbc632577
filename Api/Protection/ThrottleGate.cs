using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.Api.Access;
using Platform.Api.Serving;
using Platform.Core.Protection;
using Platform.SharedState;
using Platform.SharedState.Plans;
using Platform.SharedState.Protection;

namespace Platform.Api.Protection;

/// <summary>Lets callers that are slowed down pass now and then.</summary>
internal sealed partial class ThrottleGate(
    ThrottledCallers store, PlanFollower plans, FindingCounts findings, IOptions<MonitorOptions> options, TimeProvider clock,
    ILogger<ThrottleGate> logger) : BackgroundService, ICallGate
{
    private readonly ConcurrentDictionary<(string Model, string Caller), DateTimeOffset> passed = new();
    private volatile FrozenDictionary<(string Model, string Caller), DateTimeOffset> throttled = FrozenDictionary<(string, string), DateTimeOffset>.Empty;
    private bool isLost;

    public ValueTask<InferenceAnswer?> RefuseAsync(InferenceCall call)
    {
        var (now, interval) = (clock.GetUtcNow(), options.Value.ThrottledInterval);
        if (throttled.Count == 0 || call.Caller.CallerId() is not { } caller) return default;
        var key = (call.Model, caller);
        if (!throttled.TryGetValue(key, out var until) || until <= now) return default;
        if (!passed.TryGetValue(key, out var last) || now - last >= interval)
        {
            passed[key] = now;
            return default;
        }

        findings.Add(call.Model, VersionOf(call), ProtectionReason.Throttled);
        return new(InferenceAnswer.Refused(
            429, $"Your questions to '{call.Model}' look like an attempt to copy the model; until {until:u} one in {interval.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s is answered.") with
        {
            RetryAfter = Math.Ceiling((last + interval - now).TotalSeconds).ToString(CultureInfo.InvariantCulture),
        });
    }

    /// <summary>Slows a caller down, here at once and on the other Apis within <see cref="MonitorOptions.RefreshPeriod"/>.</summary>
    public async Task ThrottleAsync(ThrottledCaller caller)
    {
        throttled = throttled.Where(one => one.Key != (caller.Model, caller.Caller))
            .Append(new((caller.Model, caller.Caller), caller.Until)).ToFrozenDictionary();
        await TryAsync(() => store.AddAsync(caller));
    }

    public async Task RefreshAsync()
    {
        throttled = (await store.ReadAsync()).ToFrozenDictionary(caller => (caller.Model, caller.Caller), caller => caller.Until);
        foreach (var key in passed.Keys.Where(key => !throttled.ContainsKey(key))) passed.TryRemove(key, out _);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.RefreshPeriod, clock);
        do await TryAsync(RefreshAsync);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Of a request that was not routed: the one that was asked for, else the one in production.</summary>
    private string VersionOf(InferenceCall call) => plans.Plans.TryGetValue(call.Model, out var plan)
        ? (call.Version is { } named ? plan.Find(named)?.Version : null) ?? (plan.Routes is [var first, ..] ? first.Version : "")
        : "";

    private async Task TryAsync(Func<Task> talk)
    {
        try
        {
            await talk();
            isLost = false;
        }
        catch (Exception e) when (RedisFault.Is(e))
        {
            // Who is slowed down here stays so; the other Apis do not know.
            if (!isLost) LogLost(RedisFault.Describe(e));
            isLost = true;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Who is slowed down cannot be shared by way of Redis ({Reason}).")]
    private partial void LogLost(string reason);
}
