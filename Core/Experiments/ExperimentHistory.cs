using System.Collections.Immutable;
using Platform.Core.Statistics;

namespace Platform.Core.Experiments;

/// <summary>One treatment's effect at one moment; null while it is not known.</summary>
public sealed record EffectSnapshot(double? Effect, Interval? AlwaysValid);

/// <param name="Units">By arm.</param>
/// <param name="Effects">By treatment.</param>
public sealed record ExperimentSnapshot(DateTimeOffset At, ImmutableArray<long> Units, ImmutableArray<EffectSnapshot> Effects)
{
    public static ExperimentSnapshot Of(DateTimeOffset at, ExperimentResults results) => new(
        at, [.. results.Arms.Select(arm => arm.Units)], [.. results.Comparisons.Select(one => new EffectSnapshot(one.Effect, one.AlwaysValid))]);
}

/// <summary>What an experiment showed over time, for its plot. When it grows too long, every second snapshot goes.</summary>
/// <param name="Spacing">Time between two snapshots.</param>
public sealed record ExperimentHistory(ImmutableArray<ExperimentSnapshot> Snapshots, TimeSpan Spacing)
{
    public const int MaxSnapshots = 256;
    public static readonly TimeSpan FirstSpacing = TimeSpan.FromSeconds(2);

    public static ExperimentHistory Empty { get; } = new([], FirstSpacing);

    public bool IsDue(DateTimeOffset now) => Snapshots.IsEmpty || now - Snapshots[^1].At >= Spacing;

    public ExperimentHistory Add(ExperimentSnapshot snapshot)
    {
        var all = Snapshots.Add(snapshot);
        return all.Length <= MaxSnapshots
            ? this with { Snapshots = all }
            : new([.. all.Where((_, i) => i % 2 == 0)], 2 * Spacing);
    }
}
