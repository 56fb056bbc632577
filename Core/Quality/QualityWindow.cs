using System.Collections.Immutable;

namespace Platform.Core.Quality;

/// <summary>How finely predictions and their labels are counted, and for how long.</summary>
public enum SlotSize
{
    /// <summary>For rollouts: how many were labelled and wrong, and outcomes; an hour.</summary>
    TenSeconds,

    /// <summary>Everything, two days.</summary>
    Minute,

    /// <summary>Everything, 30 days.</summary>
    Hour,
}

/// <summary>One slot of time.</summary>
public readonly record struct Slot(SlotSize Size, DateTimeOffset Start)
{
    public TimeSpan Length => LengthOf(Size);

    public DateTimeOffset End => Start + Length;

    /// <summary>When it is forgotten.</summary>
    public DateTimeOffset ExpiresAt => End + KeptFor(Size);

    public static Slot Of(SlotSize size, DateTimeOffset at) => new(size, new DateTimeOffset(at.UtcTicks - (at.UtcTicks % LengthOf(size).Ticks), TimeSpan.Zero));

    public static TimeSpan LengthOf(SlotSize size) => size switch
    {
        SlotSize.TenSeconds => TimeSpan.FromSeconds(10),
        SlotSize.Minute => TimeSpan.FromMinutes(1),
        _ => TimeSpan.FromHours(1),
    };

    public static TimeSpan KeptFor(SlotSize size) => size switch
    {
        SlotSize.TenSeconds => TimeSpan.FromHours(1),
        SlotSize.Minute => TimeSpan.FromHours(48),
        _ => TimeSpan.FromDays(30),
    };
}

/// <summary>Which slots make up a window.</summary>
public static class QualityWindow
{
    /// <summary>All slots of one size that touch [from, to).</summary>
    public static ImmutableArray<Slot> Slots(SlotSize size, DateTimeOffset from, DateTimeOffset to)
    {
        var slots = ImmutableArray.CreateBuilder<Slot>();
        for (var slot = Slot.Of(size, from); slot.Start < to; slot = slot with { Start = slot.End }) slots.Add(slot);
        return slots.ToImmutable();
    }

    /// <summary>
    /// Hours for the middle of [from, to), minutes for its ends; a whole hour at the beginning where its minutes are
    /// forgotten. No moment is in two of them.
    /// </summary>
    public static ImmutableArray<Slot> Cover(DateTimeOffset from, DateTimeOffset to, DateTimeOffset now)
    {
        var slots = ImmutableArray.CreateBuilder<Slot>();
        for (var at = Slot.Of(SlotSize.Minute, from).Start; at < to;)
        {
            var hour = Slot.Of(SlotSize.Hour, at);
            var isWhole = hour.Start == at && hour.End <= to;
            var minute = Slot.Of(SlotSize.Minute, at);
            var slot = isWhole || minute.ExpiresAt <= now ? hour : minute;
            slots.Add(slot);
            at = slot.End;
        }

        return slots.ToImmutable();
    }
}
