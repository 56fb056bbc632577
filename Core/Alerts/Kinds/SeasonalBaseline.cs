using System.Collections.Immutable;
using Platform.Core.Alerts.Rules;

namespace Platform.Core.Alerts.Kinds;

/// <summary>What is usual in one hour of the season.</summary>
/// <param name="Scale">A robust standard deviation.</param>
public sealed record UsualHour(long Count, double Centre, double Scale);

public enum AnomalyReason
{
    Scored,

    /// <summary>Too little was seen of this hour.</summary>
    Learning,
}

public sealed record AnomalyScore(double? Score, AnomalyReason Reason);

/// <summary>
/// The usual value of a metric by hour of the day or of the week, learnt as it comes in a memory that never grows: a
/// running centre and scale in each hour. An hour says nothing of another: what is usual at night would make an anomaly of
/// the first morning. An observation counts for no more than three scales, so that an incident does not become usual by
/// being large.
/// </summary>
/// <param name="Hours">24 or 168.</param>
public sealed record SeasonalBaseline(ImmutableArray<UsualHour> Hours)
{
    public const int MinObservations = 20;
    private const double Clip = 3;

    /// <summary>Slow enough to take weeks over a new level, fast enough to follow the seasons of a year.</summary>
    private const double MinRate = 0.02;

    /// <summary>What a normal variable's clipped square comes to on average, so that the scale is its standard deviation.</summary>
    private const double ClippedSquare = 0.9950;

    /// <summary>A metric that never varied has still some play: this share of its usual value.</summary>
    private const double RelativeScaleMin = 0.01;

    public static SeasonalBaseline Empty(Season season) =>
        new([.. Enumerable.Repeat(new UsualHour(0, 0, 0), Slots(season))]);

    public bool Fits(Season season) => Hours.Length == Slots(season);

    public AnomalyScore Score(double value, DateTimeOffset at)
    {
        var usual = HourOf(at);
        if (usual.Count < MinObservations) return new(null, AnomalyReason.Learning);
        return new((value - usual.Centre) / Math.Max(usual.Scale, Math.Max(Math.Abs(usual.Centre) * RelativeScaleMin, 1e-9)), AnomalyReason.Scored);
    }

    /// <summary>What was seen of this hour, be it little.</summary>
    public UsualHour HourOf(DateTimeOffset at) => Hours[Slot(at)];

    /// <summary>Learns one value. Windows that overlap must not be given twice: they would look steadier than they are.</summary>
    public SeasonalBaseline Observe(double value, DateTimeOffset at)
    {
        var slot = Slot(at);
        return new(Hours.SetItem(slot, Learn(Hours[slot], value)));
    }

    private int Slot(DateTimeOffset at) => Hours.Length == Slots(Season.Day) ? at.UtcDateTime.Hour : (int)at.UtcDateTime.DayOfWeek * 24 + at.UtcDateTime.Hour;

    private static int Slots(Season season) => season is Season.Day ? 24 : 168;

    private static UsualHour Learn(UsualHour usual, double value)
    {
        if (usual.Count == 0) return new(1, value, 0);
        var rate = Math.Max(MinRate, 1.0 / (usual.Count + 1));
        // While nothing is known of how it varies, the first values say it unclipped.
        var off = usual.Count < 5 || usual.Scale == 0
            ? value - usual.Centre
            : Math.Clamp(value - usual.Centre, -Clip * usual.Scale, Clip * usual.Scale);
        var variance = ((1 - rate) * usual.Scale * usual.Scale) + (rate * off * off / ClippedSquare);
        return new(usual.Count + 1, usual.Centre + (rate * off), Math.Sqrt(variance));
    }
}
