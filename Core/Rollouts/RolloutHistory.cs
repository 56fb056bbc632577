using System.Collections.Immutable;

namespace Platform.Core.Rollouts;

/// <summary>One moment of a rollout.</summary>
/// <param name="LogEValues">Natural logarithm of each bound's E-value, in the order of the history's names.</param>
public sealed record RolloutPoint(DateTimeOffset At, double Weight, ImmutableArray<double> LogEValues);

/// <summary>A rollout over time, for people to look at: at most some hundred points, thinned as it gets longer.</summary>
/// <param name="Every">A point is kept for each so many seconds.</param>
public sealed record RolloutHistory(ImmutableArray<string> Bounds, ImmutableArray<RolloutPoint> Points, int Every)
{
    private const int MaxPoints = 400;

    public static RolloutHistory Of(RolloutPlan plan) => new([.. plan.Checks().Select(check => $"{check.Metric} {check.Bound}")], [], 1);

    public RolloutHistory With(RolloutState state, DateTimeOffset at)
    {
        if (Points is [.., var last] && (at - last.At).TotalSeconds < Every && last.Weight.Equals(state.Weight)) return this;
        var next = Points.Add(new RolloutPoint(
            at, state.Weight, [.. state.Judged is { } judged ? judged.Wholes.Select(whole => Math.Round(judged.Strength(whole), 3)) : []]));
        return next.Length <= MaxPoints
            ? this with { Points = next }
            : this with { Points = [.. next.Where((_, index) => index % 2 == 0)], Every = Every * 2 };
    }
}
