using Platform.Core.Results;

namespace Platform.Core.Measuring;

/// <summary>Reads a window as people ask for one: so long before now, or from a time to a time.</summary>
public static class MetricQuery
{
    /// <summary>Steps that people choose; the first that makes few enough points is taken where none was asked for.</summary>
    private static readonly int[] UsualSteps = [1, 5, 10, 30, 60, 300, 600, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400];

    private const int UsualPoints = 120;
    private static readonly TimeSpan DefaultWindow = TimeSpan.FromMinutes(5);
    private const string WindowRule = "Give a duration such as 5m or 1h, of 1s to 30d.";

    /// <param name="window">A duration that ends with <paramref name="to"/>, or now. Not together with <paramref name="from"/>.</param>
    /// <param name="step">A duration of whole seconds; null for one that suits the window.</param>
    public static Outcome<MetricWindow> Parse(string? window, string? step, DateTimeOffset? from, DateTimeOffset? to, DateTimeOffset now)
    {
        if (window is not null && from is not null) return Refusal.Invalid("window", "Give either window or from, not both.");
        if (to > now + TimeSpan.FromMinutes(1)) return Refusal.Invalid("to", "This time has not come yet.");
        var span = DefaultWindow;
        if (window is not null && !DurationConverter.TryParse(window, out span)) return Refusal.Invalid("window", WindowRule);
        if (span < TimeSpan.FromSeconds(1) || span > MetricRetention.Minutes) return Refusal.Invalid("window", WindowRule);
        var end = to ?? now;
        var begin = from ?? end - span;
        if (begin >= end) return Refusal.Invalid("from", "This has to be a time before the end of the window.");
        if (begin < now - MetricRetention.Minutes)
            return Refusal.Invalid(from is null ? "window" : "from", $"Nothing is kept for longer than {DurationConverter.Format(MetricRetention.Minutes)}.");
        if (step is null) return MetricWindow.Choose(begin, end, UsualStep(begin, end, now), now);
        return DurationConverter.TryParse(step, out var asked)
            ? MetricWindow.Choose(begin, end, asked, now)
            : Refusal.Invalid("step", "Give a duration of whole seconds, such as 10s or 1m.");
    }

    private static TimeSpan UsualStep(DateTimeOffset from, DateTimeOffset to, DateTimeOffset now)
    {
        var shortest = from < now - MetricRetention.Seconds ? (int)MetricResolution.Minute : 1;
        var seconds = UsualSteps.First(step => step >= shortest && ((to - from).TotalSeconds / step <= UsualPoints || step == UsualSteps[^1]));
        return TimeSpan.FromSeconds(seconds);
    }
}
