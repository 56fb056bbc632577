using Platform.Worker.Tensors;

namespace Platform.Worker.Inference.Codec;

/// <summary>The arrays of a tensor's data: flat, or nested as its shape says.</summary>
internal static class NestedArray
{
    /// <summary>Reads the data into the leaf and sees that the arrays are those of the shape.</summary>
    public static void Read<TLeaf>(ref JsonCursor cursor, ref TLeaf leaf, string input, long[] shape)
        where TLeaf : struct, ILeaf, allows ref struct
    {
        cursor.Take((byte)'[', "at the data of an input");
        ReadRest(ref cursor, ref leaf, input, shape, 0);
    }

    /// <summary>Reads on after the opening bracket of an array at that depth.</summary>
    private static void ReadRest<TLeaf>(ref JsonCursor cursor, ref TLeaf leaf, string input, long[] shape, int depth)
        where TLeaf : struct, ILeaf, allows ref struct
    {
        if (cursor.Peek() != '[')
        {
            // An array that holds elements holds all that the remaining dimensions call for.
            Shapes.TryCount(shape.AsSpan(depth), out var expected);
            var count = leaf.ReadRun(ref cursor);
            if (count != expected) throw Mismatch(input, shape, depth, expected, count);
            return;
        }

        if (depth + 1 >= shape.Length) cursor.Fail($"the data of input '{input}' is nested deeper than its shape {Shapes.Text(shape)}");
        var arrays = 0L;
        var isFirst = false;
        do
        {
            cursor.Take((byte)'[', $"in the nested data of input '{input}'");
            ReadRest(ref cursor, ref leaf, input, shape, depth + 1);
            arrays++;
        }
        while (cursor.TryReadElement(ref isFirst, "in nested data"));
        if (arrays != shape[depth]) throw Mismatch(input, shape, depth, shape[depth], arrays);
    }

    private static RequestException Mismatch(string input, long[] shape, int depth, long expected, long count) =>
        RequestException.BadRequest(
            $"Unable to parse 'data': Shape does not match true shape of 'data' field for input '{input}'. "
            + $"The shape {Shapes.Text(shape)} calls for {expected} at depth {depth + 1}, but the data has {count}. "
            + "Give all elements in one flat array, or nest them as the shape says.");
}
