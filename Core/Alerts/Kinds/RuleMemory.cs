namespace Platform.Core.Alerts.Kinds;

/// <summary>What a rule of the kinds that learn has learnt.</summary>
/// <param name="LearntAt">When it last learnt, so that windows do not overlap.</param>
/// <param name="HasSeenData">Whether there ever was anything to count.</param>
public sealed record RuleMemory(SeasonalBaseline? Baseline, DateTimeOffset? LearntAt, bool HasSeenData)
{
    /// <summary>When there first was anything.</summary>
    public DateTimeOffset? SeenSince { get; init; }

    /// <summary>Whether nothing came in the last window.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>Whether there was a silence that ended by itself.</summary>
    public bool HasBeenQuiet { get; init; }

    /// <summary>Which part of the model's traffic was sent to what is watched; what was learnt of another part says nothing.</summary>
    public double? Share { get; init; }

    public static RuleMemory None { get; } = new(null, null, false);

    /// <summary>Of non-overlapping windows, since others would look steadier than they are.</summary>
    public RuleMemory Learn(Rules.AlertRule rule, double value, DateTimeOffset now)
    {
        if (LearntAt is { } learntAt && now - learntAt < rule.Window) return this;
        var baseline = Baseline is { } known && known.Fits(rule.Season) ? known : SeasonalBaseline.Empty(rule.Season);
        return this with { Baseline = baseline.Observe(value, now), LearntAt = now };
    }
}
