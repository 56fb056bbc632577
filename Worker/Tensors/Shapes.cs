namespace Platform.Worker.Tensors;

internal static class Shapes
{
    /// <summary>More elements than this fit no buffer, whatever their type.</summary>
    public const long MaxElements = int.MaxValue;

    /// <summary>The product of the dimensions, 1 for a scalar; false when it is beyond <see cref="MaxElements"/>.</summary>
    public static bool TryCount(ReadOnlySpan<long> shape, out long elements)
    {
        elements = 1;
        var isEmpty = false;
        foreach (var dimension in shape)
        {
            if (dimension == 0) isEmpty = true;
            // An empty tensor is empty, however large its other dimensions are.
            else if (elements <= MaxElements && dimension <= MaxElements) elements *= dimension;
            else elements = long.MaxValue;
        }

        if (isEmpty) elements = 0;
        return elements <= MaxElements;
    }

    public static string Text(ReadOnlySpan<long> shape) => "[" + string.Join(",", shape.ToArray()) + "]";
}
