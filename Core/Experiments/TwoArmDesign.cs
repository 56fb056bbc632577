using System.Collections.Immutable;
using Platform.Core.Statistics;

namespace Platform.Core.Experiments;

/// <summary>One treatment against control, at its share of alpha.</summary>
internal readonly record struct TwoArmDesign(SampleSizeSpec Spec)
{
    private const double LeastArm = 2;

    public double Alpha => Spec.Alpha / (Spec.Arms - 1);

    /// <summary>Units an arm, not rounded.</summary>
    public double Exact => IsShare
        ? ProportionDesign.PooledSize(Baseline, Other, Alpha, Spec.Power)
        : MeanDesign.ExactSize(Standardized, Alpha, Spec.Power);

    public ImmutableSortedDictionary<string, double> OtherForms => IsShare
        ? Named(
            ("unpooled", ProportionDesign.UnpooledSize(Baseline, Other, Alpha, Spec.Power)),
            ("continuity", ProportionDesign.ContinuitySize(Baseline, Other, Alpha, Spec.Power)),
            ("arcsine", ProportionDesign.ArcsineSize(Baseline, Other, Alpha, Spec.Power)))
        : Named(("normal", MeanDesign.NormalSize(Standardized, Alpha, Spec.Power)));

    private bool IsShare => Spec.Kind is MetricKind.Proportion;

    private double Baseline => Spec.Baseline!.Value;

    private int Sign => Spec.Direction is MetricDirection.Decrease ? -1 : 1;

    private double Other => Baseline + Sign * Spec.MinimumEffect!.Value;

    private double Standardized => Spec.MinimumEffect!.Value / Spec.StandardDeviation!.Value;

    /// <summary>The chance to find the effect with that many units an arm.</summary>
    public double Power(double perArm)
    {
        if (perArm < LeastArm) return 0;
        return IsShare ? ProportionDesign.Power(Baseline, Other, Alpha, perArm) : MeanDesign.Power(Standardized, Alpha, perArm);
    }

    public double? MinimumDetectable(double perArm)
    {
        if (perArm < LeastArm) return null;
        return IsShare
            ? ProportionDesign.MinimumDetectable(Baseline, perArm, Alpha, Spec.Power, Sign)
            : Spec.StandardDeviation * MeanDesign.MinimumDetectable(perArm, Alpha, Spec.Power);
    }

    private static ImmutableSortedDictionary<string, double> Named(params (string Name, double Size)[] forms) =>
        forms.ToImmutableSortedDictionary(form => form.Name, form => form.Size);
}
