using System.Collections.Immutable;

namespace Platform.Core.Drift;

/// <summary>A slot of time in which items are counted.</summary>
public readonly record struct DriftSlot(bool IsHour, DateTimeOffset Start)
{
    public TimeSpan Length => IsHour ? TimeSpan.FromHours(1) : TimeSpan.FromMinutes(1);

    public DateTimeOffset ExpiresAt => Start + Length + (IsHour ? DriftWindow.Longest : DriftWindow.LongestOfMinutes);

    public static DriftSlot Of(bool isHour, DateTimeOffset at)
    {
        var ticks = new DriftSlot(isHour, default).Length.Ticks;
        return new(isHour, new DateTimeOffset(at.UtcTicks - (at.UtcTicks % ticks), TimeSpan.Zero));
    }
}

/// <summary>Which slots make up a window that ends now: minutes for an hour, hours for longer.</summary>
public static class DriftWindow
{
    public static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan LongestOfMinutes = TimeSpan.FromHours(1);
    public static readonly TimeSpan Longest = TimeSpan.FromHours(48);

    public static ImmutableArray<DriftSlot> SlotsOf(DateTimeOffset at) => [DriftSlot.Of(isHour: false, at), DriftSlot.Of(isHour: true, at)];

    public static ImmutableArray<DriftSlot> Cover(DateTimeOffset now, TimeSpan window)
    {
        var slots = ImmutableArray.CreateBuilder<DriftSlot>();
        for (var slot = DriftSlot.Of(window > LongestOfMinutes, now - window); slot.Start <= now; slot = slot with { Start = slot.Start + slot.Length })
            slots.Add(slot);
        return slots.ToImmutable();
    }
}
