using System.Collections.Immutable;
using Platform.Core.Experiments;
using Platform.Core.Results;

namespace Platform.Core.Tests.Experiments;

public sealed class ExperimentRulesTests
{
    private static readonly ExperimentSpec Spec = ExperimentSamples.Spec;

    [Fact]
    public void Check_OfASoundExperiment_FillsInWhatWasLeftOut()
    {
        var design = ExperimentSamples.Design();

        Assert.Equal(("control", 5_000, 0.5), (design.Control.Name, design.Arms[1].WeightBasisPoints, design.Arms[1].Share));
        Assert.Equal("arm:treatment", design.Arms[1].Route);
        Assert.Equal((TimeSpan.Zero, TimeSpan.FromDays(14)), (design.MinDuration, design.MaxDuration));
        Assert.Equal((0.05, MissingOutcome.Ignore), (design.ComparisonAlpha, design.Metric.Missing));
    }

    [Fact]
    public void Check_PutsControlFirstAndSharesAlpha()
    {
        var design = ExperimentSamples.Design(Spec with { Arms = [new("a", "1.0.0", 33.33), new("control", "1.0.0", 33.34), new("b", "2.0.0", 33.33)] });

        Assert.Equal(["control", "a", "b"], design.Arms.Select(arm => arm.Name));
        Assert.Equal(0.025, design.ComparisonAlpha);
    }

    [Fact]
    public void Check_OfConversion_CountsTheMissingAsZero() => Assert.Equal(
        MissingOutcome.Zero,
        ExperimentSamples.Design(Spec with { Metric = new("conversion", MetricKind.Proportion, MetricDirection.Increase) }).Metric.Missing);

    [Fact]
    public void Check_OfAKnownGuardrail_NeedsNoMoreThanItsName() => Assert.Equal(
        (MetricKind.Mean, MetricDirection.Decrease),
        ExperimentSamples.Design(Spec with { Guardrails = [new("latency_ms", null, null)] }).Guardrails.Select(g => (g.Kind, g.Direction)).Single());

    public static readonly TheoryData<string, ExperimentSpec> Bad = new()
    {
        { "name", Spec with { Name = null } },
        { "name", Spec with { Name = "No Such" } },
        { "arms", Spec with { Arms = null } },
        { "arms", Spec with { Arms = [Arm(0)] } },
        { "arms", Spec with { Arms = [.. Enumerable.Range(0, 11).Select(i => new ArmSpec($"a{i}", "1.0.0", 9))] } },
        { "arms", Spec with { Arms = [Arm(0), Arm(1) with { Weight = 49 }] } },
        { "arms[1]", Spec with { Arms = [Arm(0), null!] } },
        { "arms[1].name", Spec with { Arms = [Arm(0), Arm(1) with { Name = "control" }] } },
        { "arms[0].name", Spec with { Arms = [Arm(0) with { Name = "" }, Arm(1)] } },
        { "arms[1].version", Spec with { Arms = [Arm(0), Arm(1) with { Version = "two" }] } },
        { "arms[1].version", Spec with { Arms = [Arm(0), Arm(1) with { Version = null }] } },
        { "arms[0].weight", Spec with { Arms = [Arm(0) with { Weight = 0 }, Arm(1) with { Weight = 100 }] } },
        { "arms[0].weight", Spec with { Arms = [Arm(0) with { Weight = null }, Arm(1)] } },
        { "arms[0].weight", Spec with { Arms = [Arm(0) with { Weight = double.NaN }, Arm(1)] } },
        { "arms[0].weight", Spec with { Arms = [Arm(0) with { Weight = 50.005 }, Arm(1)] } },
        { "metric", Spec with { Metric = null } },
        { "metric.name", Spec with { Metric = Spec.Metric! with { Name = null } } },
        { "metric.name", Spec with { Metric = Spec.Metric with { Name = "x.before" } } },
        { "metric.name", Spec with { Metric = Spec.Metric with { Name = "acuracy" } } },
        { "metric.name", Spec with { Metric = Spec.Metric with { Name = "eror_rate" } } },
        { "metric.kind", Spec with { Metric = Spec.Metric with { Kind = null } } },
        { "metric.kind", Spec with { Metric = Spec.Metric with { Kind = MetricKind.Mean } } },
        { "metric.direction", Spec with { Metric = Spec.Metric with { Direction = null } } },
        { "alpha", Spec with { Alpha = 0 } },
        { "alpha", Spec with { Alpha = 0.51 } },
        { "alpha", Spec with { Alpha = double.NaN } },
        { "power", Spec with { Power = 1 } },
        { "power", Spec with { Power = 0.05 } },
        { "power", Spec with { Power = double.NaN } },
        { "minimum_effect", Spec with { MinimumEffect = null } },
        { "minimum_effect", Spec with { MinimumEffect = 0 } },
        { "minimum_effect", Spec with { MinimumEffect = -0.1 } },
        { "minimum_effect", Spec with { MinimumEffect = 0.6 } },
        { "minimum_effect", Spec with { MinimumEffect = 1, Baseline = null } },
        { "minimum_effect", Spec with { MinimumEffect = 1e-9 } },
        { "baseline", Spec with { Baseline = 1 } },
        { "standard_deviation", Spec with { StandardDeviation = 1 } },
        { "standard_deviation", Spec with { Metric = new("money", MetricKind.Mean, MetricDirection.Increase), StandardDeviation = 0 } },
        { "max_duration", Spec with { MaxDuration = TimeSpan.Zero } },
        { "max_duration", Spec with { MaxDuration = TimeSpan.FromDays(91) } },
        { "min_duration", Spec with { MinDuration = TimeSpan.FromSeconds(-1) } },
        { "min_duration", Spec with { MinDuration = TimeSpan.FromDays(14) } },
        { "guardrails", Spec with { Guardrails = [.. Enumerable.Range(0, 9).Select(i => new GuardrailSpec($"g{i}", MetricKind.Mean, MetricDirection.Increase))] } },
        { "guardrails[0]", Spec with { Guardrails = [null!] } },
        { "guardrails[0].name", Spec with { Guardrails = [new("accuracy", null, null)] } },
        { "guardrails[1].name", Spec with { Guardrails = [new("latency_ms", null, null), new("latency_ms", null, null)] } },
        { "guardrails[0].kind", Spec with { Guardrails = [new("money", null, null)] } },
    };

    [Theory, MemberData(nameof(Bad), DisableDiscoveryEnumeration = true)]
    public void Check_OfABadField_NamesIt(string field, ExperimentSpec spec)
    {
        var refusal = ExperimentRules.Check(spec).Refusal;

        Assert.Equal((RefusalReason.Invalid, field), (refusal?.Reason, refusal?.Field));
        Assert.NotEmpty(refusal!.Detail);
    }

    private static ArmSpec Arm(int index) => Spec.Arms!.Value[index];
}
