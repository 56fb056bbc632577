using System.Collections.Immutable;
using System.Text;
using Platform.Core.Models;
using Platform.Core.Tensors;

namespace Platform.Formats.Items;

/// <summary>One tensor of an item: the model's, without the batch dimension.</summary>
public sealed class ItemTensor(TensorSignature signature, bool isBatched)
{
    public string Name => signature.Name;

    public Datatype Datatype { get; } = Datatypes.Parse(signature.Datatype);

    /// <summary>-1 where any size goes; empty for a single element.</summary>
    public ImmutableArray<long> Shape { get; } = isBatched ? signature.Shape.RemoveAt(0) : signature.Shape;

    internal byte[] Utf8Name { get; } = Encoding.UTF8.GetBytes(signature.Name);

    /// <summary>Elements of an item; null where the item decides.</summary>
    internal long? Elements => Shape.Contains(-1) ? null : Product;

    /// <summary>"FP32 [1,28,28]".</summary>
    internal string Description => $"{Datatype.Name()} {ShapeText(Shape)}";

    internal static string ShapeText(IEnumerable<long> shape) => $"[{string.Join(",", shape)}]";

    /// <summary>The dimensions of known size.</summary>
    private long Product { get; } =
        (isBatched ? signature.Shape.RemoveAt(0) : signature.Shape).Where(size => size >= 0).Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>The shape that so many elements in a row fill.</summary>
    internal string? ShapeOf(int elements, out ImmutableArray<long> shape)
    {
        shape = Shape;
        if (Elements is { } expected) return elements == expected ? null : $"It has {elements} elements, but the model takes {expected} ({Description}).";
        if (Shape.Count(size => size < 0) > 1) return $"Its {elements} elements do not say how they fill the shape {ShapeText(Shape)}; nest them, or give the shape.";
        if (Product == 0 || elements % Product != 0) return $"Its {elements} elements are no whole multiple of {Product}, which the shape {ShapeText(Shape)} calls for.";
        shape = Shape.Replace(-1, elements / Product);
        return null;
    }

    /// <summary>The item's shape where a shape is given, be it with a batch dimension of 1 before it.</summary>
    internal string? Accept(ReadOnlySpan<long> given, out ImmutableArray<long> shape)
    {
        shape = [.. isBatched && given.Length == Shape.Length + 1 && given[0] == 1 ? given[1..] : given];
        if (Fits(shape)) return null;
        return isBatched && given.Length == Shape.Length + 1 && Fits([.. given[1..]])
            ? $"It is a batch of {given[0]} items; give one item a row."
            : $"Its shape is {ShapeText(given.ToArray())}, but the model takes {ShapeText(Shape)}.";
    }

    private bool Fits(ImmutableArray<long> shape)
    {
        if (shape.Length != Shape.Length) return false;
        for (var i = 0; i < shape.Length; i++)
        {
            if (Shape[i] >= 0 ? shape[i] != Shape[i] : shape[i] < 0) return false;
        }

        return true;
    }
}
