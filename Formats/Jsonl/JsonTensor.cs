using System.Collections.Immutable;
using System.Text.Json;
using Platform.Core.Tensors;
using Platform.Formats.Items;

namespace Platform.Formats.Jsonl;

/// <summary>Reads the values of one input, nested or flat.</summary>
internal sealed class JsonTensor(ItemTensor tensor, FormatLimits limits)
{
    private readonly ElementBuffer elements = new(tensor.Datatype);
    private readonly NestedShape nesting = new();

    /// <summary>Values alone: their nesting or their number is their shape.</summary>
    public RowFault? ReadPlain(ref Utf8JsonReader json, out RowTensor? read)
    {
        read = null;
        if (Values(ref json) is { } fault) return fault;
        if (!nesting.TryGet(out var nested)) return At("Its lists are of unequal lengths.");
        var reason = nested.Length <= 1
            ? tensor.ShapeOf(elements.Count, out var shape)
            : tensor.Accept(nested.AsSpan(), out shape);
        return reason is null ? Make(shape, out read) : At(reason);
    }

    /// <summary>The same of lists of short numbers alone. False, and nothing read, for all else, faults among it.</summary>
    public bool TryReadPlain(ref PlainRow row, out RowTensor? read)
    {
        read = null;
        elements.Clear();
        nesting.Clear();
        if (tensor.Datatype is not (Datatype.Fp32 or Datatype.Fp64) || !TryAddValues(ref row) || !nesting.TryGet(out var nested)) return false;
        var reason = nested.Length == 1 ? tensor.ShapeOf(elements.Count, out var shape) : tensor.Accept(nested.AsSpan(), out shape);
        return reason is null && Make(shape, out read) is null;
    }

    /// <summary>Values whose shape is given; without one as above.</summary>
    public RowFault? ReadShaped(ref Utf8JsonReader json, ImmutableArray<long>? given, out RowTensor? read)
    {
        read = null;
        if (given is not { } sizes) return ReadPlain(ref json, out read);
        if (tensor.Accept(sizes.AsSpan(), out var shape) is { } reason) return At(reason);
        if (Values(ref json) is { } fault) return fault;
        var expected = shape.Aggregate(1.0, (product, size) => product * size);
        return expected == elements.Count
            ? Make(shape, out read)
            : At($"It has {elements.Count} elements, but its shape {ItemTensor.ShapeText(sizes)} calls for {expected}.");
    }

    private RowFault? Values(ref Utf8JsonReader json)
    {
        elements.Clear();
        nesting.Clear();
        do
        {
            switch (json.TokenType)
            {
                case JsonTokenType.StartArray:
                    nesting.Open();
                    break;
                case JsonTokenType.EndArray:
                    nesting.Close();
                    break;
                default:
                    if (JsonElements.Add(ref json, elements, limits) is { } reason) return At(reason, elements.Count);
                    nesting.Count();
                    break;
            }
        }
        while (nesting.Depth > 0 && json.Read());
        return null;
    }

    private bool TryAddValues(ref PlainRow row)
    {
        do
        {
            if (row.TryTake('['))
            {
                nesting.Open();
                continue;
            }

            if (nesting.Depth == 0 || !TryAdd(ref row)) return false;
            while (nesting.Depth > 0 && row.TryTake(']')) nesting.Close();
            if (nesting.Depth > 0 && !row.TryTake(',')) return false;
        }
        while (nesting.Depth > 0);
        return true;
    }

    private bool TryAdd(ref PlainRow row)
    {
        if (!row.TryTakeNumber(out var value) || (tensor.Datatype is Datatype.Fp32 && !ShortDecimal.IsExact(value))) return false;
        if (tensor.Datatype is Datatype.Fp32) elements.Add((float)value);
        else elements.Add(value);
        nesting.Count();
        return true;
    }

    private RowFault? Make(ImmutableArray<long> shape, out RowTensor? read)
    {
        read = new(tensor.Name, tensor.Datatype, shape, elements.Take());
        return null;
    }

    private RowFault At(string reason) => new(reason, tensor.Name);

    private RowFault At(string reason, int element) => new(reason, $"{tensor.Name}[{element}]");
}
