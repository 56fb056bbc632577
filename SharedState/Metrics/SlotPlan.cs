using Platform.Core.Measuring;

namespace Platform.SharedState.Metrics;

/// <summary>Which minutes still have fields of their own, and which hours are not added up from their minutes.</summary>
internal sealed record UnfinishedSlots(HashSet<OpenSlot> Minutes, HashSet<OpenSlot> Hours)
{
    public bool Covers(UnfinishedSlots other) => other.Minutes.IsSubsetOf(Minutes) && other.Hours.IsSubsetOf(Hours);

    public UnfinishedSlots Union(UnfinishedSlots other) => new([.. Minutes, .. other.Minutes], [.. Hours, .. other.Hours]);
}

/// <summary>Which slots of a version answer a window.</summary>
/// <param name="Hours">Packed hours.</param>
/// <param name="Packed">Packed minutes.</param>
/// <param name="Open">Minutes with fields; what was late for a packed one is there as well.</param>
internal sealed record SlotPlan(long[] Hours, long[] Packed, long[] Open)
{
    public const int Minute = (int)MetricResolution.Minute;
    public const int Hour = (int)MetricResolution.Hour;
    public const int MinutesInHour = Hour / Minute;

    public static SlotPlan Of(MetricWindow window, string version, UnfinishedSlots unfinished)
    {
        var (from, end) = (window.From.ToUnixTimeSeconds() / Minute, window.To.ToUnixTimeSeconds() / Minute);
        var open = unfinished.Minutes.Where(slot => slot.Version == version && slot.Number >= from && slot.Number < end)
            .Select(slot => slot.Number).Order().ToArray();
        if (window.Resolution is MetricResolution.Minute) return new([], [.. Range(from, end)], open);

        // An hour that is not over, or got a late minute, is read by its minutes.
        var byMinutes = unfinished.Hours.Where(slot => slot.Version == version).Select(slot => slot.Number).ToHashSet();
        byMinutes.UnionWith(open.Select(minute => minute / MinutesInHour));
        var hours = Range(from / MinutesInHour, end / MinutesInHour).ToArray();
        return new(
            [.. hours.Where(hour => !byMinutes.Contains(hour))],
            [.. hours.Where(byMinutes.Contains).SelectMany(hour => Range(hour * MinutesInHour, (hour + 1) * MinutesInHour))],
            open);
    }

    private static IEnumerable<long> Range(long from, long end)
    {
        for (var i = from; i < end; i++) yield return i;
    }
}
