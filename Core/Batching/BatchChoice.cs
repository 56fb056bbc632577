using System.Collections.Immutable;

namespace Platform.Core.Batching;

/// <summary>Which batch size a curve speaks for.</summary>
public static class BatchChoice
{
    /// <summary>Sizes within this factor of the best time an item are as good; the smallest of them keeps latency low.</summary>
    public const double AsGood = 1.10;

    /// <summary>A choice stands until it is this much worse than the best, so that noise does not move it to and fro.</summary>
    public const double StillGood = 1.20;

    /// <param name="current">The choice in force; null where there is none yet.</param>
    /// <param name="longestRun">Sizes whose run takes longer are out, whatever they gain.</param>
    public static int Choose(ImmutableArray<CurvePoint> curve, int? current, TimeSpan longestRun)
    {
        var allowed = curve.Where(point => point.BatchSize == 1 || point.RunMs <= longestRun.TotalMilliseconds).ToArray();
        if (allowed.Length == 0) return 1;
        var best = allowed.Min(point => point.ItemMs);
        if (allowed.Any(point => point.BatchSize == current && point.ItemMs <= best * StillGood)) return current!.Value;
        return allowed.First(point => point.ItemMs <= best * AsGood).BatchSize;
    }
}
