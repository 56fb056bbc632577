using System.Collections.Immutable;
using System.Numerics;

namespace Platform.Core.Batching;

/// <summary>A point of a curve.</summary>
/// <param name="BatchSize">Items in a run; stands for all sizes up to the next point's.</param>
/// <param name="ItemMs">Time in the model divided by the items.</param>
/// <param name="RunMs">Time of a run of that size.</param>
/// <param name="Runs">Runs that it was learnt from.</param>
public sealed record CurvePoint(int BatchSize, double ItemMs, double RunMs, long Runs);

/// <summary>
/// Time an item by batch size, measured once and learnt on while serving. How busy the machine is changes all sizes
/// alike and is kept apart, so that a size that happens to run in a busy hour does not look worse than one that does not.
/// </summary>
public sealed class LatencyCurve
{
    /// <summary>The sizes that are measured.</summary>
    public static readonly ImmutableArray<int> Sizes = [1, 2, 4, 8, 16, 32];

    private const double SizeWeight = 1 / 64d;
    private const double LoadWeight = 1 / 16d;

    /// <summary>A run that took longer than this many times what was expected was interrupted, and says nothing more of the size.</summary>
    private const double Outlier = 4;

    private readonly double[] itemMs = new double[Sizes.Length];
    private readonly long[] runs = new long[Sizes.Length];
    private double load = 1;

    public ImmutableArray<CurvePoint> Points =>
    [
        .. Enumerable.Range(0, Sizes.Length).Where(i => runs[i] > 0)
            .Select(i => new CurvePoint(Sizes[i], itemMs[i], itemMs[i] * Sizes[i], runs[i])),
    ];

    /// <summary>Sets what a size takes on a quiet machine.</summary>
    public void Measure(int size, TimeSpan run, long count)
    {
        var i = IndexOf(size);
        itemMs[i] = run.TotalMilliseconds / size;
        runs[i] = count;
    }

    /// <summary>Learns from a run that served requests.</summary>
    public void Observe(int size, TimeSpan run)
    {
        var i = IndexOf(size);
        // Of a size that was never measured there is nothing to compare with: it was too slow, or beyond the budget.
        if (runs[i] == 0) return;
        var expected = itemMs[i] * load;
        var seen = Math.Clamp(run.TotalMilliseconds / size, expected / Outlier, expected * Outlier);
        load += LoadWeight * ((seen / itemMs[i]) - load);
        itemMs[i] += SizeWeight * ((seen / load) - itemMs[i]);
        runs[i]++;
    }

    /// <summary>The point that stands for a size: the largest one that is not above it.</summary>
    private static int IndexOf(int size) => Math.Min(BitOperations.Log2((uint)Math.Max(size, 1)), Sizes.Length - 1);
}
