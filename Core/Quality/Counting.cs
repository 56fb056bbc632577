using System.Globalization;

namespace Platform.Core.Quality;

/// <summary>What a prediction, a label or an outcome adds to the counts of its window.</summary>
public static class Counting
{
    private const double Millionths = 1e6;

    /// <param name="kept">Whether labels can be joined to it.</param>
    public static void Predicted(QualityCounts counts, PredictedAnswer answer, bool kept)
    {
        counts.Add(CounterNames.Predicted, answer.Items.Length);
        if (!kept) counts.Add(CounterNames.NotKept, answer.Items.Length);
        if (!answer.IsClass) counts.Add(CounterNames.ByValue, answer.Items.Length);
        if (answer.Kind is Serving.FeedbackKind.Threshold) counts.Add(CounterNames.ByThreshold, answer.Items.Length);
        var hasMass = !answer.Mass.IsEmpty;
        foreach (var item in answer.Items)
        {
            if (!item.IsFinite) counts.Add(CounterNames.NotFinite, 1);
            if (!answer.IsClass)
            {
                counts.Add(CounterNames.ValueBin(item.Value), 1);
                continue;
            }

            var name = CounterNames.Class(item.Value);
            counts.Add(CounterNames.Answered(name), 1);
            if (item.Confidence is not { } confidence) continue;
            counts.Add(CounterNames.WithConfidence, 1);
            if (hasMass) counts.Add(CounterNames.WithMass, 1);
            counts.Add(CounterNames.Confidence(name), (long)Math.Round(confidence * Millionths));
        }

        for (var i = 0; i < answer.Mass.Length; i++)
            counts.Add(CounterNames.Mass(i.ToString(CultureInfo.InvariantCulture)), (long)Math.Round(answer.Mass[i] * Millionths));
    }

    /// <summary>A label for an item, <paramref name="times"/> 1 to count it and −1 to take it back.</summary>
    public static void Labelled(QualityCounts counts, PredictedAnswer answer, int item, double label, int times)
    {
        counts.Add(CounterNames.Labelled, times);
        var said = answer.Items[item];
        if (answer.IsClass) Class(counts, said, label, times);
        else if (said.IsFinite) Value(counts, said.Value - label, times);
    }

    /// <summary>An outcome under a name of the caller's own.</summary>
    public static void Metric(QualityCounts counts, string metric, double value, int times)
    {
        counts.Add(CounterNames.MetricCount(metric), times);
        ExactSum.Add(counts, CounterNames.MetricSum(metric), value, times);
        ExactSum.Add(counts, CounterNames.MetricSquares(metric), value * value, times);
    }

    private static void Class(QualityCounts counts, in PredictedItem said, double label, int times)
    {
        var hit = said.Value == label;
        counts.Add(CounterNames.Cell(label, said.Value), times);
        if (!hit) counts.Add(CounterNames.Wrong, times);
        else if (CounterNames.Class(label) == CounterNames.Other) counts.Add(CounterNames.OtherHits, times);
        if (said.Confidence is not { } confidence) return;
        var bin = Math.Min((int)(confidence * CounterNames.CalibrationBins), CounterNames.CalibrationBins - 1);
        counts.Add(CounterNames.BinCount(bin), times);
        if (hit) counts.Add(CounterNames.BinHits(bin), times);
        counts.Add(CounterNames.BinConfidence(bin), times * (long)Math.Round(confidence * Millionths));
    }

    private static void Value(QualityCounts counts, double error, int times)
    {
        counts.Add(CounterNames.Errors, times);
        ExactSum.Add(counts, CounterNames.AbsoluteError, Math.Abs(error), times);
        ExactSum.Add(counts, CounterNames.SquaredError, error * error, times);
    }
}
