namespace Platform.Core.Protection;

/// <summary>
/// Inputs with less detail, and how much that changes an answer (feature squeezing: Xu, Evans and Qi, 2018). Clean inputs
/// hardly change; adversarial ones live off the detail.
/// </summary>
public static class Squeezing
{
    /// <summary>Share of clean requests above the threshold where it is only watched; where it is enforced, see <see cref="EnforcedShare"/>.</summary>
    public const double ObservedShare = 0.05;

    public const double EnforcedShare = 0.005;

    /// <summary>Side of the window whose median a pixel becomes.</summary>
    private const int Window = 2;

    /// <summary>Smallest height and width of what counts as a picture.</summary>
    private const int LeastSide = 4;

    /// <summary>Rounds each number to one of 2^bits levels between the bounds.</summary>
    public static void Reduce(ReadOnlySpan<float> item, double min, double max, int bits, Span<float> squeezed)
    {
        var levels = (1 << bits) - 1;
        var span = max - min;
        for (var i = 0; i < item.Length; i++)
        {
            if (span <= 0 || !float.IsFinite(item[i])) squeezed[i] = item[i];
            else squeezed[i] = (float)(min + (Math.Round(Math.Clamp((item[i] - min) / span, 0, 1) * levels, MidpointRounding.AwayFromZero) / levels * span));
        }
    }

    /// <summary>Whether the item's last two axes can be smoothed.</summary>
    public static bool IsPicture(ReadOnlySpan<long> itemShape) => itemShape.Length >= 2 && itemShape[^1] >= LeastSide && itemShape[^2] >= LeastSide;

    /// <summary>Each number becomes the median of itself and its neighbours to the left and above, plane by plane; of an even number the upper one.</summary>
    public static void Smooth(ReadOnlySpan<float> item, int height, int width, Span<float> smoothed)
    {
        Span<float> window = stackalloc float[Window * Window];
        for (var plane = 0; plane + (height * width) <= item.Length; plane += height * width)
        {
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                {
                    for (var i = 0; i < window.Length; i++)
                    {
                        var (row, column) = (Math.Max(0, y - (i / Window)), Math.Max(0, x - (i % Window)));
                        window[i] = item[plane + (row * width) + column];
                    }

                    window.Sort();
                    smoothed[plane + (y * width) + x] = window[window.Length / 2];
                }
            }
        }
    }

    /// <summary>L1 distance of two answers as distributions over classes: 0 to 2.</summary>
    public static double Score(ReadOnlySpan<double> answer, ReadOnlySpan<double> squeezed)
    {
        var (a, b) = (AsShares(answer), AsShares(squeezed));
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += Math.Abs(a[i] - b[i]);
        return sum;
    }

    /// <summary>Shares as they are; other scores by softmax.</summary>
    private static double[] AsShares(ReadOnlySpan<double> scores)
    {
        const double tolerance = 0.01;
        var (sum, max, isShare) = (0.0, double.NegativeInfinity, true);
        foreach (var score in scores)
        {
            sum += score;
            max = Math.Max(max, score);
            isShare &= score is >= 0 and <= 1;
        }

        var shares = scores.ToArray();
        if (isShare && Math.Abs(sum - 1) <= tolerance) return shares;
        for (var i = 0; i < shares.Length; i++) shares[i] = Math.Exp(shares[i] - max);
        var whole = shares.Sum();
        for (var i = 0; i < shares.Length; i++) shares[i] /= whole;
        return shares;
    }
}
