using Platform.Core.Models.Gates;

namespace Platform.Core.Models.Validations;

/// <summary>
/// How good answers are, counted item by item. Precision, recall and F1 are means over all classes that occur among
/// labels or answers, each class counting alike ("macro"); one that never occurs in the divisor counts as 0.
/// </summary>
public sealed class LabelScore
{
    private readonly Dictionary<long, (long Hits, long Labelled, long Answered)> classes = [];
    private long hits;
    private long classified;
    private long estimated;
    private double absolute;
    private double squared;
    private bool areClasses = true;

    public long Items => Math.Max(classified, estimated);

    public void AddClass(long label, long answer)
    {
        classified++;
        var of = classes.GetValueOrDefault(label);
        classes[label] = (of.Hits + (label == answer ? 1 : 0), of.Labelled + 1, of.Answered);
        of = classes.GetValueOrDefault(answer);
        classes[answer] = of with { Answered = of.Answered + 1 };
        if (label == answer) hits++;
    }

    public void AddValue(double label, double answer)
    {
        estimated++;
        absolute += Math.Abs(label - answer);
        squared += (label - answer) * (label - answer);
    }

    /// <summary>A single number that may be the probability of class 1; it counts as an estimate as well.</summary>
    public void AddScore(double label, double answer, ScoreReading reading)
    {
        AddValue(label, answer);
        if (reading.ClassFrom is not { } from || !(label is 0 or 1) || !(reading.IsClass || answer is >= 0 and <= 1)) areClasses = false;
        else AddClass((long)label, answer >= from ? 1 : 0);
    }

    /// <summary>By the names of <see cref="GateMetrics"/>; only what was counted, and only finite numbers.</summary>
    public IEnumerable<KeyValuePair<string, double>> Figures()
    {
        if (classified > 0 && areClasses)
        {
            yield return new(GateMetrics.Accuracy, (double)hits / classified);
            yield return new(GateMetrics.Precision, classes.Values.Average(of => Share(of.Hits, of.Answered)));
            yield return new(GateMetrics.Recall, classes.Values.Average(of => Share(of.Hits, of.Labelled)));
            yield return new(GateMetrics.F1, classes.Values.Average(of => Share(2 * of.Hits, of.Labelled + of.Answered)));
        }

        if (estimated > 0 && double.IsFinite(squared))
        {
            yield return new(GateMetrics.Mae, absolute / estimated);
            yield return new(GateMetrics.Rmse, Math.Sqrt(squared / estimated));
        }
    }

    private static double Share(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
