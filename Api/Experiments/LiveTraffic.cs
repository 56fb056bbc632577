using Platform.Core.Measuring;
using Platform.SharedState.Metrics;

namespace Platform.Api.Experiments;

/// <summary>How much a model is asked.</summary>
internal sealed class LiveTraffic(MetricReader metrics, TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(1);

    /// <summary>Requests a day as of the last hour; null without any.</summary>
    public async Task<double?> PerDayAsync(string model)
    {
        var now = clock.GetUtcNow();
        if (!MetricWindow.Choose(now - Window, now, Step, now).Succeeded(out var window, out _)) return null;
        var reading = await metrics.ReadAsync(model, null, window);
        // A model that was first asked ten minutes ago is judged by these ten.
        var steps = reading.Steps(MetricSource.Api).SkipWhile(step => step is null).ToList();
        var requests = steps.Sum(step => step?.Requests ?? 0);
        return requests == 0 ? null : requests * (TimeSpan.FromDays(1) / (steps.Count * Step));
    }
}
