using System.Collections.Immutable;

namespace Platform.Core.Quality;

/// <summary>What is known later of a request: the true answers of its items, or an outcome.</summary>
/// <param name="Labels">One an item, null where it is not known; null for none at all.</param>
/// <param name="Metric">Name of the outcome that <paramref name="Value"/> is of.</param>
/// <param name="Models">The models that who gave it may speak of; null for all.</param>
/// <param name="At">When it became known. Of two labels of one item the later one holds, whichever came first.</param>
public sealed record FeedbackItem(
    string RequestId, ImmutableArray<double?>? Labels, string? Metric, double? Value, DateTimeOffset At, ImmutableArray<string>? Models = null)
{
    /// <summary>Whether it may be joined to a prediction of that model.</summary>
    public bool Reaches(string model) => Models is not { } models || models.Contains(model);
}
