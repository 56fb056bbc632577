using Platform.Core.Quality;
using Platform.Core.Serving;

namespace Platform.Core.Tests.Quality;

public sealed class QualityEstimateTests
{
    private static readonly Calibration Good = new(Calibration.MinLabelled, 0.01);

    [Fact]
    public void Estimate_OfTheReferencesExample_IsTheReferences()
    {
        var estimate = QualityEstimate.Calculate(Example(times: 1));

        Assert.Equal(0.85, estimate.Precision!.Value, 1e-6);
        Assert.Equal(0.809524, estimate.Recall!.Value, 1e-6);
        Assert.Equal(0.829268, estimate.F1!.Value, 1e-6);
        Assert.Equal(0.825, estimate.Accuracy!.Value, 1e-6);
    }

    [Fact]
    public void Estimate_OfEnoughCalibratedPredictions_IsGiven() =>
        Assert.Equal(EstimateReason.Estimated, QualityEstimate.From(Example(times: 30), Good, hasDrifted: false).Reason);

    [Theory]
    [InlineData(1, 200, 0.01, false, EstimateReason.TooFew)]
    [InlineData(30, 199, 0.01, false, EstimateReason.CalibrationUnknown)]
    [InlineData(30, 200, 0.06, false, EstimateReason.CalibrationPoor)]
    [InlineData(30, 200, 0.01, true, EstimateReason.Drift)]
    public void Estimate_ThatMustNotBeTrusted_IsNotGivenAndSaysWhy(int times, long labelled, double error, bool hasDrifted, EstimateReason reason) =>
        Assert.Equal((reason, (double?)null), Refused(Example(times), new Calibration(labelled, error), hasDrifted));

    [Fact]
    public void Estimate_OfWhatHasNoProbabilities_IsNotGiven()
    {
        Assert.Equal(EstimateReason.NotProbabilities, QualityEstimate.From(Many(FeedbackKind.Argmax), Good, null).Reason);
        Assert.Equal(EstimateReason.NotClasses, QualityEstimate.From(Many(FeedbackKind.Value), Good, null).Reason);
    }

    [Fact]
    public void Calibration_OfConfidenceThatHolds_IsGood_AndOfBoastingPoor()
    {
        var (honest, boasting) = (new QualityCounts(), new QualityCounts());
        for (var i = 0; i < 1000; i++)
        {
            Counting.Labelled(honest, Binary(0.75), 0, i % 4 == 0 ? 0 : 1, 1);
            Counting.Labelled(boasting, Binary(0.99), 0, i % 4 == 0 ? 0 : 1, 1);
        }

        Assert.Equal((1000, 0.0), (Calibration.From(honest).Labelled, Calibration.From(honest).Error!.Value));
        Assert.Equal(0.24, Calibration.From(boasting).Error!.Value, 1e-3);
        Assert.Null(Calibration.From(new QualityCounts()).Error);
    }

    private static (EstimateReason, double?) Refused(QualityCounts counts, Calibration calibration, bool hasDrifted)
    {
        var estimate = QualityEstimate.From(counts, calibration, hasDrifted);
        return (estimate.Reason, estimate.Accuracy);
    }

    /// <summary>Probabilities of class 1 of .9, .8, .3 and .1; class 1 from .5 on.</summary>
    private static QualityCounts Example(int times)
    {
        var counts = new QualityCounts();
        for (var i = 0; i < times; i++)
        {
            foreach (var probability in (ReadOnlySpan<double>)[0.9, 0.8, 0.3, 0.1]) Counting.Predicted(counts, Binary(probability), kept: true);
        }

        return counts;
    }

    private static PredictedAnswer Binary(double probability) => new(
        FeedbackKind.Threshold, [new(probability >= 0.5 ? 1 : 0, Math.Max(probability, 1 - probability), true)], [1 - probability, probability]);

    private static QualityCounts Many(FeedbackKind kind)
    {
        var counts = new QualityCounts();
        for (var i = 0; i < QualityEstimate.MinPredicted; i++) Counting.Predicted(counts, new(kind, [new(1, null, true)], []), kept: true);
        return counts;
    }
}
