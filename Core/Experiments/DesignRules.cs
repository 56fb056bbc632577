using Platform.Core.Results;

namespace Platform.Core.Experiments;

/// <summary>Which designs can be sized.</summary>
internal static class DesignRules
{
    private const double LeastAlpha = 1e-6;
    private const double MostAlpha = 0.5;
    private const double MostPower = 0.9999;

    public static Refusal? RefuseLevels(double alpha, double power)
    {
        if (!(alpha is >= LeastAlpha and <= MostAlpha)) return Refusal.Invalid("alpha", $"Give the chance of a false finding, {LeastAlpha:0.######} to {MostAlpha}.");
        return power > alpha && power <= MostPower
            ? null
            : Refusal.Invalid("power", $"Give the chance to find the effect, above alpha and at most {MostPower}; certainty would take for ever.");
    }

    /// <param name="direction">Null if either way may be meant; then upwards is.</param>
    public static Refusal? RefuseEffect(
        MetricKind kind, double? effect, double? baseline, double? deviation, MetricDirection? direction)
    {
        if (effect is not { } size || !double.IsFinite(size) || size <= 0)
            return Refusal.Invalid("minimum_effect", "Give the smallest difference worth finding, above 0; the direction is said elsewhere.");
        return kind is MetricKind.Proportion
            ? RefuseShare(size, baseline, deviation, direction)
            : RefuseMean(baseline, deviation);
    }

    private static Refusal? RefuseShare(double effect, double? baseline, double? deviation, MetricDirection? direction)
    {
        if (deviation is not null) return Refusal.Invalid("standard_deviation", "A proportion's follows from its baseline. Leave it out.");
        if (baseline is not { } share) return effect < 1 ? null : Refusal.Invalid("minimum_effect", "Give less than 1; it is a difference of shares.");
        if (!(share is > 0 and < 1)) return Refusal.Invalid("baseline", "Give control's share, above 0 and below 1.");
        var other = direction is MetricDirection.Decrease ? share - effect : share + effect;
        return other is >= 0 and <= 1
            ? null
            : Refusal.Invalid("minimum_effect", $"From a baseline of {share} it leads to {other}, which is no share.");
    }

    private static Refusal? RefuseMean(double? baseline, double? deviation)
    {
        if (baseline is { } mean && !double.IsFinite(mean)) return Refusal.Invalid("baseline", "Give a finite number.");
        return deviation is null || (double.IsFinite(deviation.Value) && deviation > 0)
            ? null
            : Refusal.Invalid("standard_deviation", "Give a finite number above 0.");
    }
}
