namespace Platform.Core.Tests.Statistics;

internal static class Close
{
    /// <summary>Equal to within a share of the expected value.</summary>
    public static void Assert(double expected, double actual, double relative) => Xunit.Assert.True(
        Math.Abs(actual - expected) <= relative * Math.Abs(expected), $"Expected {expected:R}, got {actual:R}.");
}
