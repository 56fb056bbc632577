using Platform.Core.Results;

namespace Platform.Core.Measuring;

/// <summary>A span of time in equal steps, with the resolution that answers it.</summary>
/// <param name="From">Begins with a slot of the resolution.</param>
/// <param name="Step">A multiple of the resolution.</param>
/// <param name="Steps">How many.</param>
/// <param name="Resolution">Which slots it is read from.</param>
public sealed record MetricWindow(DateTimeOffset From, TimeSpan Step, int Steps, MetricResolution Resolution)
{
    /// <summary>More points than a page has room for.</summary>
    public const int MaxSteps = 3_000;

    /// <summary>A short window is read second by second, so that its ends are where they were asked for.</summary>
    private static readonly TimeSpan ReadBySeconds = TimeSpan.FromMinutes(10);

    /// <summary>In a long one, hours at its ends do not matter.</summary>
    private static readonly TimeSpan ReadByHours = TimeSpan.FromDays(3);

    public DateTimeOffset To => From + Steps * Step;

    /// <summary>When the step begins.</summary>
    public DateTimeOffset Begin(int step) => From + step * Step;

    /// <summary>In which step a slot is that begins so many seconds after 1970; outside of 0 to Steps-1 if in none.</summary>
    public int StepOf(long second) => (int)Math.Clamp(
        Math.Floor((double)(second - From.ToUnixTimeSeconds()) / (Step.Ticks / TimeSpan.TicksPerSecond)), -1, Steps);

    /// <summary>
    /// As many whole steps as <paramref name="from"/> to <paramref name="to"/> takes, ending with the slot in which it ends.
    /// Refused where the steps are too many, or finer than what is still kept of that time.
    /// </summary>
    public static Outcome<MetricWindow> Choose(DateTimeOffset from, DateTimeOffset to, TimeSpan step, DateTimeOffset now)
    {
        if (from >= to) return Refusal.Invalid("from", "The window has to begin before it ends.");
        if (to - from > MetricRetention.Minutes)
            return Refusal.Invalid("window", $"Ask for at most {DurationConverter.Format(MetricRetention.Minutes)}; no more is kept.");
        if (step < TimeSpan.FromSeconds(1) || step.Ticks % TimeSpan.TicksPerSecond != 0)
            return Refusal.Invalid("step", "Give whole seconds, such as 10s or 1m.");
        if ((to - from) / step > MaxSteps)
            return Refusal.Invalid("step", $"The window has more than {MaxSteps} such steps; give a longer step or a shorter window.");

        var kept = from >= now - MetricRetention.Seconds;
        if (Divides(MetricResolution.Hour, step) && to - from >= ReadByHours) return Align(from, to, step, MetricResolution.Hour);
        if (Divides(MetricResolution.Minute, step) && (to - from > ReadBySeconds || !kept)) return Align(from, to, step, MetricResolution.Minute);
        return kept
            ? Align(from, to, step, MetricResolution.Second)
            : Refusal.Invalid("step", $"Single seconds are kept for {DurationConverter.Format(MetricRetention.Seconds)}; for times before give whole minutes.");
    }

    /// <summary>The last so much of time as one step, from the shortest slots that are kept of all of it.</summary>
    /// <param name="span">From a second to the 30 days that anything is kept.</param>
    public static MetricWindow Over(TimeSpan span, DateTimeOffset now)
    {
        if (span < TimeSpan.FromSeconds(1) || span > MetricRetention.Minutes) throw new ArgumentOutOfRangeException(nameof(span));
        var resolution = span <= ReadBySeconds ? MetricResolution.Second : span >= ReadByHours ? MetricResolution.Hour : MetricResolution.Minute;
        var slot = (int)resolution * TimeSpan.TicksPerSecond;
        return Align(now - span, now, TimeSpan.FromTicks((span.Ticks + slot - 1) / slot * slot), resolution);
    }

    private static bool Divides(MetricResolution resolution, TimeSpan step) => step.Ticks % ((int)resolution * TimeSpan.TicksPerSecond) == 0;

    private static MetricWindow Align(DateTimeOffset from, DateTimeOffset to, TimeSpan step, MetricResolution resolution)
    {
        var slot = (int)resolution * TimeSpan.TicksPerSecond;
        var end = (to.UtcTicks + slot - 1) / slot * slot;
        var steps = ((to - from).Ticks + step.Ticks - 1) / step.Ticks;
        return new(new DateTimeOffset(end - steps * step.Ticks, TimeSpan.Zero), step, (int)steps, resolution);
    }
}
