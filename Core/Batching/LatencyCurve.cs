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
/// Time an item by batch size: measured once on a quiet machine, then corrected by what serving shows. How busy the
/// machine is slows all sizes alike and says nothing of them, so a size is corrected only by how much more it is slowed
/// than the others that ran lately; one that runs alone stays as it was measured.
/// </summary>
public sealed class LatencyCurve
{
    /// <summary>The sizes that are measured.</summary>
    public static readonly ImmutableArray<int> Sizes = [1, 2, 4, 8, 16, 32];

    private const double Weight = 1 / 32d;

    /// <summary>Sizes that had a run among so many of the last ones are compared.</summary>
    private const long Lately = 1_024;

    /// <summary>A run that took this many times as long as others of its size was interrupted, and counts as no longer than that.</summary>
    private const double Outlier = 4;

    private readonly double[] measuredMs = new double[Sizes.Length];
    private readonly long[] runs = new long[Sizes.Length];

    /// <summary>Served time divided by measured time, an exponentially weighted average; 0 before the first run.</summary>
    private readonly double[] slowdown = new double[Sizes.Length];
    private readonly long[] lastSeen = new long[Sizes.Length];
    private long observations;

    public ImmutableArray<CurvePoint> Points
    {
        get
        {
            var usual = UsualSlowdown();
            return [.. Enumerable.Range(0, Sizes.Length).Where(i => runs[i] > 0).Select(i => PointAt(i, usual))];
        }
    }

    /// <summary>Sets what a size takes on a quiet machine.</summary>
    public void Measure(int size, TimeSpan run, long count)
    {
        var i = IndexOf(size);
        measuredMs[i] = Math.Max(run.TotalMilliseconds / size, 1e-6);
        runs[i] = count;
    }

    /// <summary>Learns from a run that served requests.</summary>
    public void Observe(int size, TimeSpan run)
    {
        var i = IndexOf(size);
        // Of a size that was never measured there is nothing to compare with: it was too slow, or beyond the budget.
        if (runs[i] == 0) return;
        var seen = run.TotalMilliseconds / size / measuredMs[i];
        slowdown[i] = slowdown[i] == 0 ? seen : slowdown[i] + (Weight * (Math.Min(seen, slowdown[i] * Outlier) - slowdown[i]));
        lastSeen[i] = ++observations;
        runs[i]++;
    }

    private CurvePoint PointAt(int i, double usual)
    {
        var itemMs = measuredMs[i] * (RanLately(i) ? slowdown[i] / usual : 1);
        return new CurvePoint(Sizes[i], itemMs, itemMs * Sizes[i], runs[i]);
    }

    /// <summary>The geometric mean over the sizes that ran lately.</summary>
    private double UsualSlowdown()
    {
        var lately = Enumerable.Range(0, Sizes.Length).Where(RanLately).Select(i => Math.Log(slowdown[i])).ToArray();
        return lately.Length == 0 ? 1 : Math.Exp(lately.Average());
    }

    private bool RanLately(int i) => slowdown[i] > 0 && observations - lastSeen[i] < Lately;

    /// <summary>The point that stands for a size: the largest one that is not above it.</summary>
    private static int IndexOf(int size) => Math.Min(BitOperations.Log2((uint)Math.Max(size, 1)), Sizes.Length - 1);
}
