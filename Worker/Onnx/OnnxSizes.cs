namespace Platform.Worker.Onnx;

/// <summary>Finds shapes that no file can mean: the runtime would allocate what they say before it looks for the numbers.</summary>
internal static class OnnxSizes
{
    /// <summary>Numbers of one tensor: what the largest file can hold.</summary>
    public const long MaxElements = 1L << 31;

    /// <summary>Numbers that a tensor may have for each of its bytes: a bit is the smallest there is, and a list of equal numbers is packed less tightly.</summary>
    private const int ElementsPerByte = 8;

    /// <param name="isDense">Whether all of its numbers have to be there.</param>
    public static string? FindInTensor(ReadOnlySpan<byte> content, bool isDense)
    {
        var (name, count, bytes) = ("", 1L, 0L);
        for (var tensor = new ProtoReader(content); tensor.MoveNext();)
        {
            // TensorProto has its dims in field 1 and its name in 8, SparseTensorProto its dims in field 3.
            if (isDense && tensor.Field == 8) name = OnnxText.Read(tensor.Content);
            else if (tensor.Field == (isDense ? 1 : 3)) count = tensor.Content.IsEmpty ? Times(count, (long)tensor.Number) : TimesPacked(count, tensor.Content);
            else bytes += Math.Max(tensor.Content.Length, 1);
        }

        if (count < 0) return $"The tensor '{name}' has a negative size.";
        if (count > MaxElements) return TooLarge($"The tensor '{name}'");
        return isDense && count > bytes * ElementsPerByte
            ? $"The tensor '{name}' is said to have {count} numbers, but the file has {bytes} bytes of it."
            : null;
    }

    /// <summary>A graph's input, output or value between, with a declared shape.</summary>
    public static string? FindInValue(ReadOnlySpan<byte> content)
    {
        var (name, count) = ("", 1L);
        for (var value = new ProtoReader(content); value.MoveNext();)
        {
            if (value.Field == 1) name = OnnxText.Read(value.Content);
            if (value.Field != 2) continue;
            for (var type = new ProtoReader(value.Content); type.MoveNext();)
            {
                // TypeProto.tensor_type (1) holds the shape as its field 2, that its dimensions as field 1.
                if (type.Field != 1) continue;
                for (var tensor = new ProtoReader(type.Content); tensor.MoveNext();)
                {
                    if (tensor.Field == 2) count = Count(tensor.Content, count);
                }
            }
        }

        return count > MaxElements ? TooLarge($"The value '{name}'") : null;
    }

    private static long Count(ReadOnlySpan<byte> shape, long count)
    {
        for (var dimensions = new ProtoReader(shape); dimensions.MoveNext();)
        {
            if (dimensions.Field != 1) continue;
            for (var dimension = new ProtoReader(dimensions.Content); dimension.MoveNext();)
            {
                // A free dimension has a name (2), and what else is not above zero is free as well.
                if (dimension.Field == 1 && (long)dimension.Number > 0) count = Times(count, (long)dimension.Number);
            }
        }

        return count;
    }

    private static long TimesPacked(long count, ReadOnlySpan<byte> varints)
    {
        while (!varints.IsEmpty)
        {
            var (value, shift, length) = (0UL, 0, 0);
            do
            {
                if (shift < 64) value |= (ulong)(varints[length] & 0x7F) << shift;
                shift += 7;
            }
            while (varints[length++] >= 0x80 && length < varints.Length);
            varints = varints[length..];
            count = Times(count, (long)value);
        }

        return count;
    }

    /// <summary>Stays at the most there is instead of overflowing; below zero it stays too.</summary>
    private static long Times(long count, long dimension)
    {
        if (count < 0 || dimension < 0) return -1;
        return dimension == 0 || count == 0 ? 0 : count > MaxElements / dimension ? MaxElements + 1 : count * dimension;
    }

    private static string TooLarge(string what) => $"{what} has more than {MaxElements} numbers. No model that can be served has tensors of that size.";
}
