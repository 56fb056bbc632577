using System.Collections.Immutable;
using MathNet.Numerics.LinearAlgebra;

namespace Platform.Core.Protection;

/// <summary>Bounds of one input, from the reference.</summary>
public sealed record InputBounds(double Min, double Max, int MinElements, int MaxElements);

/// <summary>
/// What the items of a version's reference look like, and from where on another one is called far from them. Centre and
/// shape come of one half of the reference, the threshold is a quantile of the distances of the other half (split conformal
/// prediction: Papadopoulos et al., 2002), so that of clean items <see cref="FalsePositives"/> are expected beyond it
/// whatever their distribution.
/// </summary>
/// <param name="Source">"validation_dataset" or "first_requests".</param>
/// <param name="Threshold">Distance that <see cref="FalsePositives"/> of clean items exceed.</param>
/// <param name="Far">Distance that no item of the reference comes near to.</param>
/// <param name="Precision">Inverse of the shrunk correlation matrix, row by row.</param>
public sealed record ReferenceProfile(
    string Source, DateTimeOffset At, int Items, ImmutableArray<InputBounds> Inputs, ImmutableArray<double> Means,
    ImmutableArray<double> Scales, ImmutableArray<double> Precision, double Threshold, double Far)
{
    public const string FromDataset = "validation_dataset";
    public const string FromRequests = "first_requests";

    /// <summary>Share of clean items that are expected beyond the threshold.</summary>
    public const double FalsePositives = 0.005;

    /// <summary>Items below which no quantile this far out can be known.</summary>
    public const int MinItems = 500;

    /// <summary>Features in all, so that a profile stays below 50 KB.</summary>
    public const int MaxFeatures = 48;

    /// <summary>Weight of the identity, so that features that move together do not make tiny differences count.</summary>
    private const double Shrinkage = 0.05;

    /// <summary>Least scale, as a share of the mean: what never varied may still be rounded otherwise.</summary>
    private const double LeastScale = 1e-3;

    /// <summary>Beyond the largest distance of the reference by this much, one item is enough, in whatever company.</summary>
    private const double FarFactor = 1.5;

    /// <summary>Mahalanobis distance on standardised features.</summary>
    public double DistanceOf(ReadOnlySpan<double> features)
    {
        Span<double> standardised = stackalloc double[MaxFeatures];
        var n = Means.Length;
        for (var i = 0; i < n; i++) standardised[i] = (features[i] - Means[i]) / Scales[i];
        var sum = 0.0;
        for (var i = 0; i < n; i++)
        {
            var row = 0.0;
            for (var j = 0; j < n; j++) row += Precision[(i * n) + j] * standardised[j];
            sum += row * standardised[i];
        }

        return Math.Sqrt(Math.Max(0, sum));
    }

    /// <param name="items">In no particular order; at least <see cref="MinItems"/>.</param>
    public static ReferenceProfile Of(string source, DateTimeOffset at, IReadOnlyList<ItemFacts> items)
    {
        // Every other item, since requests that come together may be alike.
        var fitted = items.Where((_, i) => i % 2 == 0).ToArray();
        var held = items.Where((_, i) => i % 2 == 1).ToArray();
        var n = items[0].Features.Length;
        var means = Enumerable.Range(0, n).Select(i => fitted.Average(item => item.Features[i])).ToImmutableArray();
        var scales = Enumerable.Range(0, n).Select(i => ScaleOf(fitted, i, means[i])).ToImmutableArray();
        var profile = new ReferenceProfile(
            source, at, items.Count, [.. Enumerable.Range(0, items[0].Inputs.Length).Select(i => BoundsOf(items, i))], means, scales,
            PrecisionOf(fitted, means, scales), 0, 0);
        var distances = held.Select(item => profile.DistanceOf(item.Features)).Order().ToArray();
        return profile with { Threshold = Quantile(distances, FalsePositives), Far = distances.DefaultIfEmpty().Max() * FarFactor };
    }

    /// <summary>The smallest value of the sample that at most so large a share of further ones is expected to exceed.</summary>
    public static double Quantile(double[] sorted, double upperShare)
    {
        var rank = (int)Math.Ceiling((sorted.Length + 1) * (1 - upperShare));
        return rank <= sorted.Length && sorted.Length > 0 ? sorted[rank - 1] : double.MaxValue;
    }

    private static double ScaleOf(ItemFacts[] items, int feature, double mean)
    {
        var spread = Math.Sqrt(items.Average(item => Math.Pow(item.Features[feature] - mean, 2)));
        return Math.Max(spread, LeastScale * Math.Max(Math.Abs(mean), LeastScale));
    }

    private static ImmutableArray<double> PrecisionOf(ItemFacts[] items, ImmutableArray<double> means, ImmutableArray<double> scales)
    {
        var n = means.Length;
        if (n == 0) return [];
        var data = Matrix<double>.Build.Dense(items.Length, n, (row, column) => (items[row].Features[column] - means[column]) / scales[column]);
        var correlation = data.TransposeThisAndMultiply(data).Divide(items.Length);
        var shrunk = correlation.Multiply(1 - Shrinkage).Add(Matrix<double>.Build.DenseIdentity(n).Multiply(Shrinkage));
        return [.. shrunk.Cholesky().Solve(Matrix<double>.Build.DenseIdentity(n)).ToRowMajorArray()];
    }

    private static InputBounds BoundsOf(IReadOnlyList<ItemFacts> items, int input)
    {
        var spans = items.Select(item => item.Inputs[input]).ToArray();
        return new(spans.Min(span => span.Min), spans.Max(span => span.Max), spans.Min(span => span.Elements), spans.Max(span => span.Elements));
    }
}
