using System.Collections.Immutable;
using System.Globalization;

namespace Platform.Core.Quality;

/// <summary>Something newly said of a prediction, under the name that it is remembered by.</summary>
/// <param name="Before">What it replaces; null for the first.</param>
public readonly record struct SaidChange(string Name, Said? Before, Said After);

/// <summary>What one piece of feedback changes: what is remembered of the prediction, and the counts of its window.</summary>
public sealed record LabelJoin(ImmutableArray<SaidChange> Changes, QualityCounts Counts)
{
    /// <summary>
    /// Joins feedback to the prediction that it names. Every item counts with the last thing said of it, so duplicates
    /// change nothing, corrections amend, and the order of arrival does not matter.
    /// </summary>
    /// <param name="known">What is remembered of the prediction, by name.</param>
    public static LabelJoin Of(PredictedAnswer answer, FeedbackItem feedback, IReadOnlyDictionary<string, Said> known)
    {
        var changes = ImmutableArray.CreateBuilder<SaidChange>();
        var counts = new QualityCounts();
        var labels = feedback.Labels ?? [];
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i] is not { } label || Change("l:" + i.ToString(CultureInfo.InvariantCulture), feedback, label, known) is not { } change) continue;
            changes.Add(change);
            if (change.Before is { } before) Counting.Labelled(counts, answer, i, before.Number, -1);
            Counting.Labelled(counts, answer, i, label, 1);
        }

        if (feedback is { Metric: { } metric, Value: { } value } && Change("x:" + metric, feedback, value, known) is { } outcome)
        {
            changes.Add(outcome);
            if (outcome.Before is { } before) Counting.Metric(counts, metric, before.Number, -1);
            Counting.Metric(counts, metric, value, 1);
        }

        return new(changes.ToImmutable(), counts);
    }

    private static SaidChange? Change(string name, FeedbackItem feedback, double number, IReadOnlyDictionary<string, Said> known)
    {
        var said = new Said(feedback.At.UtcTicks, number);
        if (!known.TryGetValue(name, out var before)) return new(name, null, said);
        return said.Replaces(before) ? new(name, before, said) : null;
    }
}
