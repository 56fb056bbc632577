namespace Platform.Core.Statistics;

/// <summary>Sums over units that came with a value from before the experiment.</summary>
public readonly record struct PairedSums(long Count, double Y, double YY, double X, double XX, double XY)
{
    public static PairedSums operator +(PairedSums a, PairedSums b) =>
        new(a.Count + b.Count, a.Y + b.Y, a.YY + b.YY, a.X + b.X, a.XX + b.XX, a.XY + b.XY);
}

/// <summary>
/// Takes out of an outcome what was known of the unit before: Y - θ(X - mean X), which leaves the effect and shrinks its
/// variance by the squared correlation. (Deng and others, "CUPED".)
/// </summary>
public static class Cuped
{
    /// <summary>The adjusted moments of each arm with one θ for all; null where X does not vary.</summary>
    public static IReadOnlyList<SampleMoments>? Adjust(IReadOnlyList<PairedSums> arms)
    {
        // Within arms: between them, the effect itself would look like a slope.
        var xx = arms.Sum(arm => Within(arm.Count, arm.X, arm.X, arm.XX));
        if (xx <= 0) return null;
        var theta = arms.Sum(arm => Within(arm.Count, arm.X, arm.Y, arm.XY)) / xx;
        var mean = arms.Sum(arm => arm.X) / arms.Sum(arm => arm.Count);
        return [.. arms.Select(arm => Adjust(arm, theta, mean))];
    }

    private static SampleMoments Adjust(PairedSums arm, double theta, double mean)
    {
        if (arm.Count == 0) return default;
        var rest = Within(arm.Count, arm.Y, arm.Y, arm.YY) - 2 * theta * Within(arm.Count, arm.X, arm.Y, arm.XY)
            + theta * theta * Within(arm.Count, arm.X, arm.X, arm.XX);
        return new(
            arm.Count,
            arm.Y / arm.Count - theta * (arm.X / arm.Count - mean),
            arm.Count < 2 ? 0 : Math.Max(0, rest / (arm.Count - 1)));
    }

    private static double Within(long count, double a, double b, double ab) => count == 0 ? 0 : ab - a * b / count;
}
