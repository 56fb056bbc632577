using Platform.Core.Protection;

namespace Platform.Core.Tests.Protection;

public sealed class SqueezingTests
{
    [Fact]
    public void Reduce_ToOneBit_LeavesTheEnds()
    {
        var squeezed = new float[5];
        Squeezing.Reduce([0f, 0.3f, 0.6f, 1f, 7f], 0, 1, 1, squeezed);
        Assert.Equal([0f, 0f, 1f, 1f, 1f], squeezed);
    }

    [Fact]
    public void Reduce_WithoutASpan_ChangesNothing()
    {
        var squeezed = new float[2];
        Squeezing.Reduce([0.3f, float.NaN], 1, 1, 1, squeezed);
        Assert.Equal([0.3f, float.NaN], squeezed);
    }

    [Fact]
    public void Smooth_OnePixelThatDiffers_Vanishes()
    {
        var picture = new float[16];
        picture[5] = 1;
        var smoothed = new float[16];
        Squeezing.Smooth(picture, 4, 4, smoothed);
        Assert.All(smoothed, pixel => Assert.Equal(0, pixel));
    }

    [Theory]
    [InlineData(new[] { 1.0, 0 }, new[] { 0.0, 1 }, 2)]
    [InlineData(new[] { 0.7, 0.3 }, new[] { 0.7, 0.3 }, 0)]
    [InlineData(new[] { 1_000.0, 0, 0 }, new[] { 0.0, 1_000, 0 }, 2)]
    public void Score_OfSharesAndOfLogits_IsTheDistanceOfDistributions(double[] a, double[] b, double expected) =>
        Assert.Equal(expected, Squeezing.Score(a, b), 9);
}
