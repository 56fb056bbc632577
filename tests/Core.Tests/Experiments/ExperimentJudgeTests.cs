using System.Collections.Immutable;
using Platform.Core.Experiments;
using Platform.Core.Tests.Statistics;
using Platform.Core.Statistics;
using static Platform.Core.Tests.Experiments.ExperimentSamples;

namespace Platform.Core.Tests.Experiments;

public sealed class ExperimentJudgeTests
{
    private static readonly ExperimentMoment Soon = new(TimeSpan.FromHours(1), UnitsFull: false);
    private static readonly ExperimentMoment End = new(TimeSpan.FromDays(14), UnitsFull: false);

    [Fact]
    public void Look_WithoutOutcomes_GoesOnAndInventsNothing()
    {
        var results = Look(Spec, Counts(ArmCounts.None, ArmCounts.None), Soon);

        Assert.Equal((ExperimentDecision.Continue, ExperimentReason.AwaitingEvidence), (results.Verdict.Decision, results.Verdict.Reason));
        var comparison = results.Comparisons.Single();
        Assert.Null(comparison.Effect);
        Assert.Null(comparison.PValue);
        Assert.Null(comparison.AlwaysValid);
        Assert.Equal((1, 0), (comparison.AlwaysValidPValue, comparison.Power));
        Assert.All(results.Arms, arm => Assert.Null(arm.Mean));
    }

    [Theory]
    [InlineData(500, 700, MetricDirection.Increase, ExperimentDecision.ShipTreatment, ExperimentReason.TreatmentBetter)]
    [InlineData(700, 500, MetricDirection.Increase, ExperimentDecision.KeepControl, ExperimentReason.TreatmentWorse)]
    [InlineData(500, 505, MetricDirection.Increase, ExperimentDecision.Continue, ExperimentReason.AwaitingEvidence)]
    public void Look_FollowsTheDirection(long control, long treatment, MetricDirection direction, ExperimentDecision decision, ExperimentReason reason)
    {
        var verdict = LookGrowing(Spec with { Metric = Spec.Metric! with { Direction = direction } }, control, treatment, 1_000, Soon).Verdict;

        Assert.Equal((decision, reason), (verdict.Decision, verdict.Reason));
        Assert.Equal(decision is ExperimentDecision.ShipTreatment ? "treatment" : null, verdict.Winner);
    }

    [Fact]
    public void Look_WhereLessIsBetter_ShipsTheLower()
    {
        var spec = Spec with { Metric = new("error_rate", MetricKind.Proportion, MetricDirection.Decrease), MinimumEffect = 0.01, Baseline = 0.1 };
        Assert.Equal(ExperimentDecision.ShipTreatment, LookGrowing(spec, 300, 60, 2_000, Soon, "error_rate").Verdict.Decision);
        Assert.Equal(ExperimentDecision.KeepControl, LookGrowing(spec, 60, 300, 2_000, Soon, "error_rate").Verdict.Decision);
    }

    [Fact]
    public void Look_BeforeMinDuration_NeverDecidesForAnArm()
    {
        var spec = Spec with { MinDuration = TimeSpan.FromHours(2) };
        Assert.Equal(ExperimentReason.TooEarly, LookGrowing(spec, 500, 900, 1_000, Soon).Verdict.Reason);
        Assert.Equal(ExperimentDecision.ShipTreatment, LookGrowing(spec, 500, 900, 1_000, Soon with { Elapsed = TimeSpan.FromHours(2) }).Verdict.Decision);
    }

    [Fact]
    public void Look_AtTheEndWithoutEvidence_SaysThatItDoesNotKnow()
    {
        Assert.Equal(ExperimentReason.OutOfTime, LookGrowing(Spec, 500, 520, 1_000, End).Verdict.Reason);
        var full = LookGrowing(Spec, 500, 520, 1_000, Soon with { UnitsFull = true }).Verdict;
        Assert.Equal((ExperimentDecision.Inconclusive, ExperimentReason.OutOfUnits), (full.Decision, full.Reason));
    }

    [Fact]
    public void Look_OnceTheEffectIsRuledOut_KeepsControl()
    {
        var verdict = LookGrowing(Spec, 50_000, 50_000, 100_000, Soon).Verdict;
        Assert.Equal((ExperimentDecision.KeepControl, ExperimentReason.EffectRuledOut), (verdict.Decision, verdict.Reason));
    }

    [Fact]
    public void Look_WithoutSequential_WaitsForTheWholeSample()
    {
        var spec = Spec with { Sequential = false };
        // 1,565 an arm are asked for; the difference is plain long before.
        Assert.Equal(ExperimentDecision.Continue, LookGrowing(spec, 700, 900, 1_400, Soon).Verdict.Decision);
        Assert.Equal(ExperimentDecision.ShipTreatment, LookGrowing(spec, 800, 1_000, 1_600, Soon).Verdict.Decision);
        Assert.Equal(ExperimentReason.NotSignificant, LookGrowing(spec, 800, 830, 1_600, Soon).Verdict.Reason);
        Assert.Equal(ExperimentReason.OutOfTime, LookGrowing(spec, 700, 900, 1_400, End).Verdict.Reason);
    }

    [Fact]
    public void Look_AtArmsOfWrongSize_IsInvalidWhateverElseIsFound()
    {
        var results = Look(Spec, Shares(51_000, 25_000, 49_000, 40_000), Soon);

        Assert.Equal((ExperimentDecision.Invalid, ExperimentReason.SampleRatioMismatch), (results.Verdict.Decision, results.Verdict.Reason));
        Assert.True(results.Ratio.Mismatch);
        Close.Assert(4.20665e-8, results.Ratio.SequentialPValue, 1e-5);
        Assert.Contains("51000", results.Verdict.Detail, StringComparison.Ordinal);
        Assert.False(Look(Spec, Shares(50_200, 25_000, 49_800, 25_000), Soon).Ratio.Mismatch);
    }

    [Fact]
    public void Look_AtAMismatchOnce_StaysInvalid()
    {
        var design = Design();
        var (_, after) = ExperimentJudge.Look(design, ExperimentEvidence.Before(design), Shares(51_000, 25_000, 49_000, 25_000), Soon);
        var (results, _) = ExperimentJudge.Look(design, after, Shares(60_000, 30_000, 60_000, 30_000), Soon);
        Assert.Equal(ExperimentDecision.Invalid, results.Verdict.Decision);
    }

    [Theory]
    [InlineData(20, 200, true), InlineData(200, 20, false), InlineData(100, 105, false)]
    public void Look_AtAHarmedGuardrail_KeepsControlEvenBeforeMinDuration(long control, long treatment, bool harmed)
    {
        var spec = Spec with { Guardrails = [new("error_rate", null, null)], MinDuration = TimeSpan.FromDays(1) };
        var design = Design(spec);
        var evidence = ExperimentEvidence.Before(design);
        var counts = Counts(ArmCounts.None, ArmCounts.None);
        ExperimentResults results = null!;
        for (var step = 1; step <= 10; step++)
        {
            counts = counts.Then(Shares(200 * step, control * step / 10, 200 * step, treatment * step / 10, "error_rate"), "error_rate");
            (results, evidence) = ExperimentJudge.Look(design, evidence, counts, Soon);
        }

        Assert.Equal(harmed, results.Guardrails.Single().Harmed);
        Assert.Equal(harmed ? ExperimentReason.GuardrailHarmed : ExperimentReason.TooEarly, results.Verdict.Reason);
    }

    [Theory]
    [InlineData(120, true), InlineData(80, false)]
    public void Look_AtASlowerTreatment_HarmsTheLatencyGuardrail(double latency, bool harmed)
    {
        var counts = Counts(Mean(1_000, 100, 20, "latency_ms"), Mean(1_000, latency, 20, "latency_ms"));
        Assert.Equal(harmed, Look(Spec with { Guardrails = [new("latency_ms", null, null)] }, counts, Soon).Guardrails.Single().Harmed);
    }

    [Fact]
    public void Look_AtMeans_IsWelchsTestWithAnAsymptoticSequence()
    {
        var spec = Spec with { Metric = new("money", MetricKind.Mean, MetricDirection.Increase), Baseline = null, MinimumEffect = 1, StandardDeviation = 5 };
        var counts = Counts(Mean(2_000, 10, 5, "money"), Mean(2_000, 11, 5, "money"));

        var results = Look(spec, counts, Soon);
        var comparison = results.Comparisons.Single();

        Assert.Equal((ExperimentDecision.ShipTreatment, FixedTest.WelchT), (results.Verdict.Decision, comparison.Test));
        Assert.Equal((1.0, 0.1), (Math.Round(comparison.Effect!.Value, 9), Math.Round(comparison.Lift!.Estimate, 9)));
        Assert.True(comparison.AlwaysValid!.Value.Low > 0 && comparison.AlwaysValid.Value.Low < comparison.Fixed!.Value.Low);
        Assert.InRange(comparison.Power, 0.99, 1);
        Assert.Equal(394, results.Target!.PerArm);
    }

    [Fact]
    public void Look_AtMeansOfUnknownSpread_SizesTheSampleByWhatCame()
    {
        var spec = Spec with { Metric = new("money", MetricKind.Mean, MetricDirection.Increase), Baseline = null, MinimumEffect = 1 };
        Assert.Contains("not given", SampleTarget.Planned(Design(spec)).Assumptions, StringComparison.Ordinal);

        var target = Look(spec, Counts(Mean(2_000, 10, 5, "money"), Mean(2_000, 10, 5, "money")), Soon).Target!;

        Assert.Equal(394, target.PerArm);
        Assert.Contains("taken from the outcomes", target.Assumptions, StringComparison.Ordinal);
    }

    [Fact]
    public void Look_AtLatencies_ComparesRanks()
    {
        var spec = Spec with { Metric = new("latency_ms", MetricKind.Mean, MetricDirection.Decrease), Baseline = null, MinimumEffect = 1, StandardDeviation = 5 };
        var results = Look(spec, Counts(Latencies(10, 20, 30), Latencies(8, 16, 24)), Soon);
        var comparison = results.Comparisons.Single();

        Assert.Equal(FixedTest.MannWhitney, comparison.Test);
        Assert.InRange(comparison.Shift!.Estimate, -6, -2);
        Assert.True(comparison.Shift.Superiority < 0.5);
        Assert.Equal([20, 16], results.Arms.Select(arm => arm.Percentiles!.P50));
    }

    [Fact]
    public void Look_WithValuesFromBefore_TakesTheirVarianceOut()
    {
        var spec = Spec with { Metric = new("money", MetricKind.Mean, MetricDirection.Increase), Baseline = null, MinimumEffect = 1, StandardDeviation = 5 };
        var cuped = Look(spec, Counts(Paired(0), Paired(1)), Soon).Comparisons.Single().Cuped!;

        Assert.Equal(1, cuped.Effect, 1e-9);
        Assert.InRange(cuped.VarianceReduction, 0.9, 1);
        Assert.True(cuped.PValue < 0.01);
    }

    [Fact]
    public void Look_AtConversions_CountsThoseWithoutOutcomeAsZero()
    {
        var spec = Spec with { Metric = new("conversion", MetricKind.Proportion, MetricDirection.Increase), MinimumEffect = 0.01, Baseline = 0.1 };
        ArmCounts Arm(long conversions) => new(4_000, ImmutableDictionary<string, OutcomeSums>.Empty.Add("conversion", new(conversions, conversions, conversions)));

        var results = Look(spec, Counts(Arm(400), Arm(600)), Soon);

        Assert.Equal([0.1, 0.15], results.Arms.Select(arm => arm.Mean!.Value));
        Assert.Equal((4_000, ExperimentDecision.ShipTreatment), (results.Arms[0].Count, results.Verdict.Decision));
    }

    [Fact]
    public void Look_AtThreeArms_ShipsTheBestOfThem()
    {
        var spec = Spec with { Arms = [new("control", "1.0.0", 34), new("a", "2.0.0", 33), new("b", "3.0.0", 33)] };
        var design = Design(spec);
        var evidence = ExperimentEvidence.Before(design);
        var counts = Counts(ArmCounts.None, ArmCounts.None, ArmCounts.None);
        ExperimentResults results = null!;
        for (var step = 1; step <= 10; step++)
        {
            counts = counts.Then(Counts(Share(340 * step, 170 * step, "accuracy"), Share(330 * step, 200 * step, "accuracy"), Share(330 * step, 250 * step, "accuracy")), "accuracy");
            (results, evidence) = ExperimentJudge.Look(design, evidence, counts, Soon);
        }

        Assert.Equal((ExperimentDecision.ShipTreatment, "b"), (results.Verdict.Decision, results.Verdict.Winner));
        Assert.Equal(2, results.Comparisons.Length);
    }

    private static ExperimentResults Look(ExperimentSpec spec, ExperimentCounts counts, ExperimentMoment moment)
    {
        var design = Design(spec);
        return ExperimentJudge.Look(design, ExperimentEvidence.Before(design), counts, moment).Results;
    }

    /// <summary>One look at counts that came in steps, as they do in life.</summary>
    private static ExperimentResults LookGrowing(
        ExperimentSpec spec, long controlEvents, long treatmentEvents, long units, ExperimentMoment moment, string metric = "accuracy")
    {
        var design = Design(spec);
        var evidence = ExperimentEvidence.Before(design);
        var counts = Counts(ArmCounts.None, ArmCounts.None);
        ExperimentResults results = null!;
        for (var step = 1; step <= 100; step++)
        {
            counts = counts.Then(Shares(units * step / 100, controlEvents * step / 100, units * step / 100, treatmentEvents * step / 100, metric), metric);
        }

        (results, _) = ExperimentJudge.Look(design, evidence, counts, moment);

        return results;
    }

    private static ArmCounts Latencies(params double[] values) => Mean(300, values.Average(), 8, "latency_ms") with
    {
        Metrics = ImmutableDictionary<string, OutcomeSums>.Empty.Add(
            "latency_ms", new(300, 100 * values.Sum(), 100 * values.Sum(v => v * v), Values: [.. values.Select(value => new CountedValue(value, 100))])),
    };

    /// <summary>Outcomes that are the value from before, a shift and a little noise.</summary>
    private static ArmCounts Paired(double shift)
    {
        var sums = default(PairedSums);
        for (var i = 0; i < 400; i++)
        {
            double x = i % 20, y = x + shift + (i % 3 - 1);
            sums += new PairedSums(1, y, y * y, x, x * x, x * y);
        }

        return new(400, ImmutableDictionary<string, OutcomeSums>.Empty.Add("money", new(400, sums.Y, sums.YY, sums)));
    }
}
