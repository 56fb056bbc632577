using System.Buffers;
using Platform.Core.Protection;
using Platform.Worker.Tensors;

namespace Platform.Worker.Serving.Protection;

/// <summary>Reads the items of a request as the input checks see them. Texts have no numbers and are left out.</summary>
internal static class ItemReader
{
    public static ItemFacts[] Read(Tensor[] inputs, int items)
    {
        var numeric = Array.FindAll(inputs, IsNumeric);
        if (items <= 0) return [];
        var facts = new ItemFacts[items];
        var parts = new (ReadOnlyMemory<float> Numbers, int Width)[numeric.Length];
        var buffer = ArrayPool<float>.Shared.Rent(Math.Max(1, numeric.Sum(input => ElementsOf(input, items))));
        try
        {
            for (var item = 0; item < items; item++)
            {
                var used = 0;
                for (var i = 0; i < numeric.Length; i++)
                {
                    var count = ElementsOf(numeric[i], items);
                    Copy(numeric[i], item * count, buffer.AsSpan(used, count));
                    parts[i] = (buffer.AsMemory(used, count), WidthOf(numeric[i]));
                    used += count;
                }

                facts[item] = ItemFacts.Of(parts);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }

        return facts;
    }

    /// <summary>Sketches of the first items, as the extraction monitor needs them.</summary>
    public static float[][] Sketch(Tensor[] inputs, int items)
    {
        var sketches = Enumerable.Range(0, Math.Min(items, QuerySketch.MaxItems)).Select(_ => new float[QuerySketch.Dimensions]).ToArray();
        var first = 0;
        foreach (var input in Array.FindAll(inputs, IsNumeric))
        {
            var count = ElementsOf(input, items);
            var numbers = ArrayPool<float>.Shared.Rent(Math.Max(1, count));
            for (var i = 0; i < sketches.Length; i++)
            {
                Copy(input, i * count, numbers.AsSpan(0, count));
                QuerySketch.Add(numbers.AsSpan(0, count), first, sketches[i]);
            }

            ArrayPool<float>.Shared.Return(numbers);
            first += count;
        }

        return sketches;
    }

    /// <summary>Inputs with a default are not what a request is about.</summary>
    public static bool IsNumeric(Tensor input) => input.Datatype is not Datatype.Bytes && input.Optional is null;

    public static int ElementsOf(Tensor input, int items) => input.Length / input.Datatype.ElementBytes() / items;

    public static void Copy(Tensor input, int first, Span<float> numbers)
    {
        if (input.Datatype is Datatype.Fp32)
        {
            input.As<float>().Slice(first, numbers.Length).CopyTo(numbers);
            return;
        }

        for (var i = 0; i < numbers.Length; i++) numbers[i] = (float)Numbers.At(input.Datatype, input.Bytes, first + i);
    }

    private static int WidthOf(Tensor input) => input.Shape is [_, .., var width] ? (int)width : 1;
}
