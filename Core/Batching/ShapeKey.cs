using System.Collections.Immutable;

namespace Platform.Core.Batching;

/// <summary>What must be equal so that requests can share a run: the dimensions of all inputs but the batch's.</summary>
public sealed class ShapeKey(ImmutableArray<long> dimensions) : IEquatable<ShapeKey>
{
    private readonly int hash = Hash(dimensions);

    /// <summary>For models whose dimensions are fixed but for the batch: their requests always match.</summary>
    public static ShapeKey Fixed { get; } = new([]);

    private ImmutableArray<long> Dimensions => dimensions;

    public bool Equals(ShapeKey? other) =>
        ReferenceEquals(this, other) || (other is not null && hash == other.hash && dimensions.AsSpan().SequenceEqual(other.Dimensions.AsSpan()));

    public override bool Equals(object? obj) => Equals(obj as ShapeKey);

    public override int GetHashCode() => hash;

    private static int Hash(ImmutableArray<long> dimensions)
    {
        var code = new HashCode();
        foreach (var dimension in dimensions) code.Add(dimension);
        return code.ToHashCode();
    }
}
