using System.Collections.Immutable;
using Platform.Core.Results;
using Platform.Core.Statistics;

namespace Platform.Core.Experiments;

/// <summary>How a sample is to be sized.</summary>
/// <param name="Arms">Control included; each other one is compared with it.</param>
/// <param name="UnitsPerDay">Traffic of all arms together; gives the time that it takes.</param>
/// <param name="Duration">With <paramref name="UnitsPerDay"/>: gives the smallest effect that so much time finds.</param>
public sealed record SampleSizeSpec(
    MetricKind? Kind,
    double? MinimumEffect,
    double? Baseline = null,
    double? StandardDeviation = null,
    MetricDirection? Direction = null,
    double Alpha = 0.05,
    double Power = 0.8,
    int Arms = 2,
    double? UnitsPerDay = null,
    TimeSpan? Duration = null);

/// <summary>How the chance of a false finding is shared by several comparisons.</summary>
public enum Correction
{
    None,
    Bonferroni,
}

/// <summary>How many units it takes.</summary>
/// <param name="PerArm">Rounded up.</param>
/// <param name="Exact">Before rounding: pooled normal for proportions (R's power.prop.test), exact t for means (R's power.t.test).</param>
/// <param name="AlphaPerComparison">What the correction leaves for each arm against control.</param>
/// <param name="OtherForms">The same by other formulas, for comparison.</param>
/// <param name="Assumptions">What was taken for granted because it was not given; in words.</param>
/// <param name="ExpectedDuration">At the given traffic.</param>
/// <param name="MinimumDetectableEffect">With the given traffic for the given time; null too if not even the largest effect is found.</param>
public sealed record SampleSize(
    long PerArm,
    long Total,
    double Exact,
    Correction Correction,
    int Comparisons,
    double AlphaPerComparison,
    ImmutableSortedDictionary<string, double> OtherForms,
    string? Assumptions = null,
    TimeSpan? ExpectedDuration = null,
    double? MinimumDetectableEffect = null)
{
    internal const double MostUnits = 1e15;

    public static Outcome<SampleSize> Of(SampleSizeSpec spec)
    {
        if (spec.Kind is not { } kind) return Refusal.Invalid("kind", "Give proportion or mean.");
        if (spec.Arms is < 2 or > ExperimentRules.MaxArms) return Refusal.Invalid("arms", $"Give 2 to {ExperimentRules.MaxArms}.");
        if (DesignRules.RefuseLevels(spec.Alpha, spec.Power) is { } levels) return levels;
        if (kind is MetricKind.Proportion && spec.Baseline is null) return Refusal.Invalid("baseline", "Give control's share, above 0 and below 1.");
        if (kind is MetricKind.Mean && spec.StandardDeviation is null) return Refusal.Invalid("standard_deviation", "Give that of one outcome, above 0.");
        if (DesignRules.RefuseEffect(kind, spec.MinimumEffect, spec.Baseline, spec.StandardDeviation, spec.Direction) is { } effect) return effect;
        if (RefuseTraffic(spec) is { } traffic) return traffic;
        var size = From(spec);
        return size.Exact < MostUnits
            ? size
            : Refusal.Invalid("minimum_effect", "So small an effect takes more units than there are. Give a larger one.");
    }

    /// <summary>Of what was checked; an effect too small for any sample takes the largest one.</summary>
    internal static SampleSize From(SampleSizeSpec spec)
    {
        var design = new TwoArmDesign(spec);
        var comparisons = spec.Arms - 1;
        var exact = Math.Min(design.Exact, MostUnits);
        var perArm = (long)Math.Ceiling(exact);
        var size = new SampleSize(
            perArm, perArm * spec.Arms, exact, comparisons > 1 ? Correction.Bonferroni : Correction.None, comparisons, design.Alpha, design.OtherForms);
        if (spec.UnitsPerDay is not { } daily) return size;
        var days = size.Total / daily;
        return size with
        {
            ExpectedDuration = days < TimeSpan.MaxValue.TotalDays ? TimeSpan.FromSeconds(Math.Ceiling(days * 86_400)) : null,
            MinimumDetectableEffect = spec.Duration is { } time ? design.MinimumDetectable(daily * time.TotalDays / spec.Arms) : null,
        };
    }

    private static Refusal? RefuseTraffic(SampleSizeSpec spec)
    {
        if (spec.UnitsPerDay is { } daily && !(daily > 0 && double.IsFinite(daily))) return Refusal.Invalid("units_per_day", "Give a finite number above 0.");
        if (spec.Duration is not { } duration) return null;
        if (spec.UnitsPerDay is null) return Refusal.Invalid("units_per_day", "Give the traffic that there is in that duration.");
        return duration > TimeSpan.Zero ? null : Refusal.Invalid("duration", "Give more than 0s.");
    }
}
