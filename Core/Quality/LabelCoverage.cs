namespace Platform.Core.Quality;

/// <summary>Between what and what a share lies, if the items without a label were all wrong, or all right.</summary>
public sealed record Bounds(double Low, double High);

/// <summary>How much of a window's predictions has a label: what every figure on labels has to be read with.</summary>
public static class LabelCoverage
{
    /// <summary>Labelled ÷ predicted; 0 where nothing was predicted.</summary>
    public static double Of(QualityCounts counts) =>
        counts[CounterNames.Predicted] is > 0 and var predicted ? (double)counts[CounterNames.Labelled] / predicted : 0;

    /// <summary>[m·k, m·k + 1 − k] for a share m that was measured on the part k.</summary>
    public static Bounds Bound(double measured, double coverage) => new(measured * coverage, (measured * coverage) + (1 - coverage));
}
