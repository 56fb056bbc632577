using System.Text.Json.Serialization;

namespace Platform.Core.Rollouts;

/// <summary>What comparing mirrored answers came to.</summary>
/// <param name="Compared">Pairs of answers that were compared.</param>
/// <param name="Agreed">Pairs that say the same: the same strongest class, or the same values within 1 %.</param>
/// <param name="Dropped">Copies that were not made, because too many were waiting.</param>
/// <param name="Numbers">Numbers compared.</param>
/// <param name="SumAbsoluteDifference">Of all numbers; divided by <paramref name="Numbers"/> the mean.</param>
/// <param name="MaxAbsoluteDifference">Of any number.</param>
public sealed record ShadowFigures(
    long Compared, long Agreed, long Dropped, long Numbers, double SumAbsoluteDifference, double MaxAbsoluteDifference)
{
    public static ShadowFigures None { get; } = new(0, 0, 0, 0, 0, 0);

    [JsonIgnore]
    public double? Agreement => Compared == 0 ? null : (double)Agreed / Compared;

    [JsonIgnore]
    public double? MeanAbsoluteDifference => Numbers == 0 ? null : SumAbsoluteDifference / Numbers;

    public static ShadowFigures operator +(ShadowFigures a, ShadowFigures b) => new(
        a.Compared + b.Compared, a.Agreed + b.Agreed, a.Dropped + b.Dropped, a.Numbers + b.Numbers,
        a.SumAbsoluteDifference + b.SumAbsoluteDifference, Math.Max(a.MaxAbsoluteDifference, b.MaxAbsoluteDifference));

    public static ShadowFigures Add(ShadowFigures left, ShadowFigures right) => left + right;
}
