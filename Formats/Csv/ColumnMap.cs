using System.Collections.Immutable;
using Platform.Formats.Items;

namespace Platform.Formats.Csv;

/// <summary>Which columns hold the elements of one input, in the order of the elements.</summary>
internal sealed record TensorColumns(ItemTensor Tensor, ImmutableArray<int> Columns, ImmutableArray<long> Shape);

/// <summary>
/// A header as columns of the inputs: <c>x</c> for a single element, <c>x[0]</c> or <c>x_0</c> and so on for more,
/// row-major. A header that names no input at all counts by its order, for the only input.
/// </summary>
internal static class ColumnMap
{
    /// <exception cref="InputFormatException">A column is unknown, missing or there twice.</exception>
    public static ImmutableArray<TensorColumns> Of(IReadOnlyList<string> header, ItemLayout layout)
    {
        var found = header.Select(name => ColumnNames.Find(name.Trim(), layout)).ToArray();
        if (InOrder(header, found, layout) is { } columns) return [columns];

        var elements = layout.Tensors.Select(_ => new SortedDictionary<int, int>()).ToArray();
        for (var column = 0; column < found.Length; column++)
        {
            if (found[column] is not { } element) throw Unknown(header, column, layout);
            if (!elements[element.Tensor].TryAdd(element.Index, column))
                throw new InputFormatException("The header has this column twice.", "Keep one of them.", column: header[column]);
        }

        return [.. elements.Select((columns, tensor) => Complete(layout.Tensors[tensor], columns))];
    }

    private static TensorColumns? InOrder(IReadOnlyList<string> header, ColumnElement?[] found, ItemLayout layout)
    {
        if (layout.Tensors is not [{ Elements: { } elements } only] || elements != header.Count || found.Any(element => element is not null)) return null;
        if (ColumnNames.AreValues(header))
        {
            throw new InputFormatException(
                "The first line holds numbers where the header should be.", $"Put a header before it, such as {ColumnNames.Example(layout)}.");
        }

        return new(only, [.. Enumerable.Range(0, header.Count)], only.Shape);
    }

    private static TensorColumns Complete(ItemTensor tensor, SortedDictionary<int, int> columns)
    {
        var expected = tensor.Elements ?? columns.Count;
        var next = 0;
        foreach (var element in columns.Keys.TakeWhile(element => element == next)) next = element + 1;
        if (next < expected || columns.Count == 0)
        {
            throw new InputFormatException(
                $"The header lacks this column; the model takes '{tensor.Name}' as {tensor.Description}.", "Add it.",
                column: ColumnNames.Of(tensor, next, Math.Max(expected, columns.Count)));
        }

        return tensor.ShapeOf(columns.Count, out var shape) is { } reason
            ? throw new InputFormatException(reason, "Give as many columns as the model takes elements.", column: tensor.Name)
            : new(tensor, [.. columns.Values], shape);
    }

    private static InputFormatException Unknown(IReadOnlyList<string> header, int column, ItemLayout layout) => new(
        $"Column {column + 1} of the header belongs to no input of the model, which takes "
            + $"{string.Join(", ", layout.Tensors.Select(tensor => $"'{tensor.Name}' as {tensor.Description}"))}.",
        $"Name the columns {ColumnNames.Example(layout)}, and leave out what is no input.", column: ColumnNames.Shortened(header[column]));
}
