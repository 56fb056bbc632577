using Platform.Core.Protection;

namespace Platform.Simulations.Attacks;

/// <summary>The platform's checks as they stand after a reference of clean pictures.</summary>
public sealed class Detectors
{
    private readonly DigitsUnderAttack model;
    private readonly ReferenceProfile reference;
    private readonly InputCheck inputs = new(ProtectionMode.Enforce);

    public Detectors(DigitsUnderAttack model, IReadOnlyList<float[]> clean)
    {
        this.model = model;
        reference = ReferenceProfile.Of(ReferenceProfile.FromRequests, DateTimeOffset.UnixEpoch, [.. clean.Select(FactsOf)]);
        var scores = SqueezeScores(clean).Order().ToArray();
        (Observed, Enforced) = (ReferenceProfile.Quantile(scores, Squeezing.ObservedShare), ReferenceProfile.Quantile(scores, Squeezing.EnforcedShare));
    }

    /// <summary>Thresholds of squeezing.</summary>
    public double Observed { get; }

    public double Enforced { get; }

    public static ItemFacts FactsOf(float[] image) => ItemFacts.Of([(image, DigitsUnderAttack.Side)]);

    public bool IsBad(float[] image) => RequestJudge.CheckInputs(inputs, reference, [FactsOf(image)]) is not null;

    public bool IsFar(float[] image) => RequestJudge.CheckDistance(reference, [FactsOf(image)]) is not null;

    public double[] SqueezeScores(IReadOnlyList<float[]> images)
    {
        var bounds = reference.Inputs[0];
        var (plain, reduced, smoothed) = (model.Ask(images), model.Ask([.. images.Select(Reduced)]), model.Ask([.. images.Select(Smoothed)]));
        return [.. images.Select((_, i) => Math.Max(Squeezing.Score(plain[i], reduced[i]), Squeezing.Score(plain[i], smoothed[i])))];

        float[] Reduced(float[] image)
        {
            var squeezed = new float[image.Length];
            Squeezing.Reduce(image, bounds.Min, bounds.Max, SqueezingCheck.DefaultBits, squeezed);
            return squeezed;
        }
    }

    /// <summary>Questions until the caller is found out; null where the questions ran out.</summary>
    public int? QuestionsUntilAlarm(IReadOnlyList<float[]> questions)
    {
        var monitor = new QueryMonitor();
        var answers = model.Ask(questions);
        for (var i = 0; i < questions.Count; i++)
        {
            var sketch = new float[QuerySketch.Dimensions];
            QuerySketch.Add(questions[i], 0, sketch);
            var outside = RequestJudge.IsOutside(reference, FactsOf(questions[i]));
            if (monitor.Observe(new(DigitsUnderAttack.ClassOf(answers[i]), outside, sketch)) is not QueryVerdict.Clean) return i + 1;
        }

        return null;
    }

    private static float[] Smoothed(float[] image)
    {
        var smoothed = new float[image.Length];
        Squeezing.Smooth(image, DigitsUnderAttack.Side, DigitsUnderAttack.Side, smoothed);
        return smoothed;
    }
}
