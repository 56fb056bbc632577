namespace Platform.Core.Protection;

/// <summary>
/// What is looked at of one item of one input: each number of a short row; of anything larger, such as an image, how its
/// numbers are spread and how much neighbours differ, which is where noise shows that leaves the picture as it is.
/// </summary>
public static class ItemFeatures
{
    /// <summary>Numbers that are looked at one by one.</summary>
    public const int MaxColumns = 32;

    /// <summary>Mean, spread, smallest, largest, shares at both ends, steps along both axes, bends.</summary>
    public const int Summaries = 9;

    /// <summary>How near to an end of the item's own span a number counts as being at it.</summary>
    private const double EndShare = 0.01;

    public static int CountOf(int elements) => elements is > 0 and <= MaxColumns ? elements : Summaries;

    /// <param name="item">Its numbers, all finite.</param>
    /// <param name="width">Length of its last axis.</param>
    public static void Read(ReadOnlySpan<float> item, int width, Span<double> features)
    {
        if (item.Length == features.Length && item.Length <= MaxColumns)
        {
            for (var i = 0; i < item.Length; i++) features[i] = item[i];
            return;
        }

        features.Clear();
        if (item.IsEmpty) return;
        var (min, max, sum, squares) = (double.PositiveInfinity, double.NegativeInfinity, 0.0, 0.0);
        foreach (var value in item)
        {
            (min, max) = (Math.Min(min, value), Math.Max(max, value));
            sum += value;
            squares += (double)value * value;
        }

        var mean = sum / item.Length;
        var (low, high) = (0, 0);
        var end = (max - min) * EndShare;
        foreach (var value in item)
        {
            if (value - min <= end) low++;
            if (max - value <= end) high++;
        }

        features[0] = mean;
        features[1] = Math.Sqrt(Math.Max(0, (squares / item.Length) - (mean * mean)));
        (features[2], features[3]) = (min, max);
        (features[4], features[5]) = ((double)low / item.Length, (double)high / item.Length);
        features[6] = MeanStep(item, 1);
        features[7] = MeanStep(item, Math.Clamp(width, 1, item.Length));
        features[8] = MeanBend(item);
    }

    private static double MeanStep(ReadOnlySpan<float> item, int apart)
    {
        if (item.Length <= apart) return 0;
        var sum = 0.0;
        for (var i = apart; i < item.Length; i++) sum += Math.Abs((double)item[i] - item[i - apart]);
        return sum / (item.Length - apart);
    }

    private static double MeanBend(ReadOnlySpan<float> item)
    {
        if (item.Length < 3) return 0;
        var sum = 0.0;
        for (var i = 2; i < item.Length; i++) sum += Math.Abs((double)item[i] - (2 * (double)item[i - 1]) + item[i - 2]);
        return sum / (item.Length - 2);
    }
}
