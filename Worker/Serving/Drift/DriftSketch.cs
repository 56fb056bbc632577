using System.Collections.Immutable;
using Platform.Core.Drift;
using Platform.Core.Quality;
using Platform.Worker.Tensors;

namespace Platform.Worker.Serving.Drift;

/// <summary>
/// How a version's items are distributed: some rows as they are until there is a reference, then counts in the
/// reference's bins. Looking costs little, ends when its budget is spent, and never makes a request wait.
/// </summary>
internal sealed class DriftSketch(VersionFeatures features)
{
    /// <summary>Rows of which a reference's bins are made: 2 KB a feature.</summary>
    public const int SampleItems = 500;

    /// <summary>The first rows, which are kept with the points of their pictures: 4 KB a picture.</summary>
    public const int SamplePictures = 4096 / (FeatureInfo.Points * sizeof(float));

    /// <summary>What may be looked at between two calls of <see cref="Take"/>, in elements.</summary>
    public const int DefaultBudget = 2_000_000;

    private readonly Lock gate = new();
    private readonly float[] values = new float[features.Layout.Width];
    private List<float[]>? rows = [];
    private DriftReference? reference;
    private int[] featureOf = [];
    private long[][] counts = [];
    private long items;
    private long budget = DefaultBudget;

    public ImmutableArray<FeatureInfo> Features => features.Features;

    /// <summary>Looks at the items of a request. One request at a time; the others are passed over.</summary>
    public void Observe(Tensor[] inputs, int count, PredictedAnswer? predicted)
    {
        if (values.Length == 0 || count <= 0 || !gate.TryEnter()) return;
        try
        {
            var cost = features.Cost(inputs, count);
            for (var i = 0; i < count && budget >= cost; i++)
            {
                budget -= cost;
                features.Read(inputs, count, i, predicted, values);
                if (reference is not null) Count(values);
                else if (rows is { Count: < SampleItems }) rows.Add(rows.Count < SamplePictures ? [.. values] : values[..features.Layout.Singles]);
                else return;
            }
        }
        finally
        {
            gate.Exit();
        }
    }

    /// <summary>The first rows, once there are enough of them for a reference; null before, and after one was adopted.</summary>
    public IReadOnlyList<float[]>? Sample()
    {
        lock (gate) return rows is { Count: >= SampleItems } ? [.. rows] : null;
    }

    /// <summary>Counts in these bins from now on, and the rows until now as well.</summary>
    public void Adopt(DriftReference next)
    {
        lock (gate)
        {
            if (reference?.Id == next.Id) return;
            reference = next;
            featureOf = [.. next.Features.Select(bins => features.Features.IndexOf(bins.Feature))];
            counts = [.. next.Features.Select(bins => new long[bins.Count])];
            items = 0;
            foreach (var row in rows ?? []) Count(row);
            rows = null;
        }
    }

    /// <summary>What was counted since the last call, in the order of the reference; null for nothing.</summary>
    public DriftCounts? Take(long nextBudget)
    {
        lock (gate)
        {
            budget = nextBudget;
            if (items == 0) return null;
            var taken = new DriftCounts(items, [.. counts.Select(bins => bins.ToImmutableArray())]);
            foreach (var bins in counts) Array.Clear(bins);
            items = 0;
            return taken;
        }
    }

    private void Count(ReadOnlySpan<float> row)
    {
        items++;
        for (var i = 0; i < counts.Length; i++)
        {
            // What the reference has and this deployment does not look at has no counts.
            if (featureOf[i] >= 0 && features.Layout.Reaches(row, featureOf[i])) reference!.Features[i].Add(features.Layout.Of(row, featureOf[i]), counts[i]);
        }
    }
}
