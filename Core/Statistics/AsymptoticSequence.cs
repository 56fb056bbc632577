namespace Platform.Core.Statistics;

/// <summary>
/// Asymptotic confidence sequence of a mean effect (Waudby-Smith and others, "Time-uniform central limit theory"),
/// tightest when both arms together have <c>tuning</c> values. It is the normal mixture whose prior follows the standard error.
/// </summary>
public static class AsymptoticSequence
{
    /// <summary>The tuning that is tightest at <paramref name="tuning"/> values.</summary>
    public static double Rho(double alpha, double tuning)
    {
        var doubled = -2 * Math.Log(alpha);
        return Math.Sqrt((doubled + Math.Log(doubled + 1)) / tuning);
    }

    /// <param name="estimate">Difference or relative lift.</param>
    /// <param name="standardError">Of the estimate.</param>
    /// <param name="count">Values of both arms.</param>
    public static SequentialLook Look(double estimate, double standardError, long count, double alpha, double tuning) =>
        NormalMixture.TwoSided(estimate, standardError * standardError, Mixing(standardError, count, alpha, tuning), alpha);

    /// <summary>p against "no positive effect".</summary>
    public static double PositivePValue(double estimate, double standardError, long count, double alpha, double tuning) => Math.Min(
        1,
        Math.Exp(-NormalMixture.LogPositive(estimate, standardError * standardError, Mixing(standardError, count, alpha, tuning))));

    /// <summary>Standard errors that an effect must be away from zero at that count; 1.96 would do for one look at 5 %.</summary>
    public static double Critical(double count, double alpha, double tuning)
    {
        var rho = Rho(alpha, tuning);
        return NormalMixture.TwoSided(0, 1, count * rho * rho, alpha).HalfWidth;
    }

    private static double Mixing(double standardError, long count, double alpha, double tuning)
    {
        var rho = Rho(alpha, tuning);
        return standardError * standardError * count * rho * rho;
    }
}
