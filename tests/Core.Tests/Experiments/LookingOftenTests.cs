using CsCheck;
using Platform.Core.Experiments;

namespace Platform.Core.Tests.Experiments;

public sealed class LookingOftenTests
{
    private const string Outcome = "m";

    /// <summary>Steps of twenty units an arm, each arm with its rate all the time.</summary>
    private static readonly Gen<(MetricKind Kind, (int Control, int Treatment, bool Looked)[] Steps)> Walks = Gen.SelectMany(
        Gen.Select(Gen.Enum<MetricKind>(), Gen.Double.Unit, Gen.Double.Unit),
        (kind, control, treatment) => Gen.Select(EventsOf20(control), EventsOf20(treatment), Gen.Bool).Array[1, 30].Select(steps => (kind, steps)));

    /// <summary>However the outcomes came and whenever somebody looked, p and the interval say the same of "no difference".</summary>
    [Fact]
    public void Interval_LeavesNoDifferenceOut_WhereThePDoes() => Walks.Sample((kind, steps) =>
    {
        var metric = new MetricSpec(Outcome, kind, MetricDirection.Increase);
        var design = ExperimentSamples.Design(kind is MetricKind.Mean
            ? ExperimentSamples.Spec with { Metric = metric, Baseline = null, MinimumEffect = 0.1, StandardDeviation = 0.5 }
            : ExperimentSamples.Spec with { Metric = metric });
        var evidence = ExperimentEvidence.Before(design);
        var counts = ExperimentSamples.Counts(ArmCounts.None, ArmCounts.None);
        var (units, control, treatment) = (0, 0, 0);
        foreach (var step in steps)
        {
            (units, control, treatment) = (units + 20, control + step.Control, treatment + step.Treatment);
            counts = counts.Then(ExperimentSamples.Shares(units, control, units, treatment, Outcome), Outcome);
            if (!step.Looked) continue;
            (var results, evidence) = ExperimentJudge.Look(design, evidence, counts, new(TimeSpan.FromHours(1), UnitsFull: false));
            var comparison = results.Comparisons.Single();
            Assert.Equal(comparison.AlwaysValidPValue <= design.ComparisonAlpha, comparison.AlwaysValid is { } left && (left.Low > 0 || left.High < 0));
        }
    }, iter: 300);

    private static Gen<int> EventsOf20(double rate) => Gen.Double.Unit.Array[20].Select(draws => draws.Count(draw => draw < rate));
}
