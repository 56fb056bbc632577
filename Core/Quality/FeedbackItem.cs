using System.Collections.Immutable;

namespace Platform.Core.Quality;

/// <summary>What is known later of a request: the true answers of its items, or an outcome.</summary>
/// <param name="Labels">One an item, null where it is not known; null for none at all.</param>
/// <param name="Metric">Name of the outcome that <paramref name="Value"/> is of.</param>
/// <param name="At">When it became known. Of two labels of one item the later one holds, whichever came first.</param>
public sealed record FeedbackItem(
    string RequestId, ImmutableArray<double?>? Labels, string? Metric, double? Value, DateTimeOffset At);
