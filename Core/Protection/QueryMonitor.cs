using Platform.Core.Statistics;

namespace Platform.Core.Protection;

/// <summary>What the questions of a caller look like.</summary>
public enum QueryVerdict
{
    Clean,

    /// <summary>Too many are unlike anything that the version was made for.</summary>
    Outside,

    /// <summary>Their distances are not spread as those of natural questions (PRADA: Juuti et al., 2019).</summary>
    Spacing,
}

/// <summary>
/// Watches one caller of one version for an attempt to copy it. Two statistics, because each is blind where the other
/// sees: questions made of noise are spaced like natural ones, and questions made of natural ones lie inside the reference.
/// Memory is bounded: of each class and in all only the last questions are kept.
/// </summary>
public sealed class QueryMonitor(int maxQueries = QueryMonitor.DefaultMaxQueries)
{
    public const int DefaultMaxQueries = 1_000;

    /// <summary>Below this the distances are called unnatural.</summary>
    public const double Delta = 0.90;

    /// <summary>How often the spacing is looked at, in questions.</summary>
    private const int LookEvery = 10;

    /// <summary>Distances of a class before it has a say, and of all of them before anything is said.</summary>
    private const int MinOfClass = 10;

    private const int MinDistances = 100;

    /// <summary>Distances farther from their mean than this many deviations are left out.</summary>
    private const double OutlierDeviations = 3;

    /// <summary>Natural distances vary by more than this share of their mean; a grid's do not.</summary>
    private const double LeastVariation = 0.02;

    /// <summary>Shares of questions outside of the reference that are told apart: of callers whose world has drifted, and of noise.</summary>
    private const double CleanShare = 0.1;

    private const double NoiseShare = 0.5;

    /// <summary>Mean number of clean questions between two false alarms is above this (Lorden, 1971).</summary>
    private const double QuestionsPerAlarm = 1e6;

    private static readonly double Alarm = Math.Log(QuestionsPerAlarm);
    private readonly Dictionary<int, ClassQueries> classes = [];
    private readonly Queue<int> order = new();
    private double outside;
    private int sinceLook;

    /// <summary>Questions that were watched.</summary>
    public long Queries { get; private set; }

    /// <summary>Takes a question and says what all of them look like now. After an alarm it begins anew.</summary>
    public QueryVerdict Observe(QuerySketch query)
    {
        Queries++;
        outside = Math.Max(0, outside + Math.Log(query.IsOutside ? NoiseShare / CleanShare : (1 - NoiseShare) / (1 - CleanShare)));
        if (outside >= Alarm) return Begin(QueryVerdict.Outside);
        if (!classes.TryGetValue(query.Class, out var queries)) classes[query.Class] = queries = new();
        if (queries.Add(query)) order.Enqueue(query.Class);
        if (order.Count > maxQueries) Forget(order.Dequeue());
        if (++sinceLook < LookEvery) return QueryVerdict.Clean;
        sinceLook = 0;
        return Spacing() is { } w && w < Delta ? Begin(QueryVerdict.Spacing) : QueryVerdict.Clean;
    }

    /// <summary>Shapiro and Wilk's W of the distances; null while there are too few.</summary>
    public double? Spacing()
    {
        var distances = classes.Values.Where(of => of.Distances.Count >= MinOfClass).SelectMany(of => of.Distances).ToArray();
        if (distances.Length == 0) return null;
        var mean = distances.Average();
        var deviation = Math.Sqrt(distances.Average(distance => (distance - mean) * (distance - mean)));
        var kept = distances.Where(distance => Math.Abs(distance - mean) <= OutlierDeviations * deviation).Order().ToArray();
        if (kept.Length <= MinDistances) return null;
        return deviation <= LeastVariation * mean ? 0 : ShapiroWilk.Statistic(kept);
    }

    private void Forget(int oldest)
    {
        if (classes[oldest].RemoveOldest()) classes.Remove(oldest);
    }

    private QueryVerdict Begin(QueryVerdict verdict)
    {
        classes.Clear();
        order.Clear();
        (outside, sinceLook) = (0, 0);
        return verdict;
    }

    /// <summary>Questions that got one answer, and how far each was from those before it.</summary>
    private sealed class ClassQueries
    {
        private readonly Queue<QuerySketch> set = new();

        public Queue<double> Distances { get; } = new();

        /// <summary>False for a question that was asked before: a repeated question is no way to learn anything.</summary>
        public bool Add(QuerySketch query)
        {
            var nearest = double.PositiveInfinity;
            foreach (var known in set) nearest = Math.Min(nearest, known.DistanceTo(query));
            if (nearest == 0) return false;
            if (set.Count > 0) Distances.Enqueue(nearest);
            set.Enqueue(query);
            return true;
        }

        /// <summary>True when none is left.</summary>
        public bool RemoveOldest()
        {
            set.Dequeue();
            if (Distances.Count > 0) Distances.Dequeue();
            return set.Count == 0;
        }
    }
}
