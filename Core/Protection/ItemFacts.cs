namespace Platform.Core.Protection;

/// <summary>One item as the checks see it.</summary>
/// <param name="Inputs">By numeric input: its smallest and largest number, and how many it has.</param>
/// <param name="Features">Of all numeric inputs, one after another.</param>
public sealed record ItemFacts(InputSpan[] Inputs, double[] Features)
{
    /// <param name="inputs">The item's numeric inputs, each with the length of its last axis.</param>
    /// <param name="maxFeatures">Inputs whose features would go beyond it are only held to their bounds.</param>
    public static ItemFacts Of(IReadOnlyList<(ReadOnlyMemory<float> Numbers, int Width)> inputs, int maxFeatures = ReferenceProfile.MaxFeatures)
    {
        var features = new double[maxFeatures];
        var used = 0;
        foreach (var (numbers, width) in inputs)
        {
            var count = ItemFeatures.CountOf(numbers.Length);
            if (used + count > maxFeatures) continue;
            ItemFeatures.Read(numbers.Span, width, features.AsSpan(used, count));
            used += count;
        }

        return new([.. inputs.Select(input => InputSpan.Of(input.Numbers.Span))], features[..used]);
    }
}

/// <summary>What the numbers of one input span.</summary>
public readonly record struct InputSpan(double Min, double Max, int Elements)
{
    public bool IsFinite => double.IsFinite(Min) && double.IsFinite(Max);

    /// <summary>A NaN anywhere makes both ends NaN.</summary>
    public static InputSpan Of(ReadOnlySpan<float> item)
    {
        if (item.IsEmpty) return new(0, 0, 0);
        var (min, max) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var value in item) (min, max) = (Math.Min(min, value), Math.Max(max, value));
        return new(min, max, item.Length);
    }
}
