namespace Platform.Core.Protection;

/// <summary>Scores that so many clean requests exceed: <see cref="Squeezing.ObservedShare"/> and <see cref="Squeezing.EnforcedShare"/>.</summary>
/// <param name="Items">Requests they were taken from.</param>
public sealed record SqueezeThresholds(double Observed, double Enforced, int Items)
{
    /// <summary>Scores below which a quantile this far out cannot be known.</summary>
    public const int MinItems = 500;

    public static SqueezeThresholds Of(IReadOnlyList<double> scores)
    {
        var sorted = scores.Order().ToArray();
        return new(ReferenceProfile.Quantile(sorted, Squeezing.ObservedShare), ReferenceProfile.Quantile(sorted, Squeezing.EnforcedShare), sorted.Length);
    }

    public double For(ProtectionMode mode) => mode is ProtectionMode.Enforce ? Enforced : Observed;
}
