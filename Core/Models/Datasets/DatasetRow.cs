using System.Collections.Immutable;
using System.Text.Json;

namespace Platform.Core.Models.Datasets;

/// <summary>One input of a row.</summary>
/// <param name="Name">Null in a plain row, which belongs to the model's only input.</param>
/// <param name="Shape">Null in a plain row, whose shape is the model's.</param>
/// <param name="Data">The elements, row-major, each a JSON number, boolean or string.</param>
public sealed record RowInput(string? Name, string? Datatype, ImmutableArray<long>? Shape, ImmutableArray<JsonElement> Data);

/// <summary>
/// A line of a JSONL dataset. Either a V2 infer request with the true answers beside its inputs,
/// <c>{"inputs":[{"name":"x","datatype":"FP32","shape":[2,3],"data":[…]}],"labels":[0,1]}</c>, or, for a model with one
/// input, just its numbers: <c>{"inputs":[…],"labels":[0]}</c>. One label for each item of the batch.
/// </summary>
public sealed record DatasetRow(ImmutableArray<RowInput> Inputs, ImmutableArray<double> Labels)
{
    /// <exception cref="DatasetException">The line is no such row; the message says why, without its number.</exception>
    public static DatasetRow Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement.Clone();
            if (root.ValueKind is not JsonValueKind.Object) throw new DatasetException("it is no JSON object");
            var labels = Labelled(root);
            var inputs = Array(root, "inputs");
            if (inputs.Length == 0) throw new DatasetException("'inputs' is empty");
            return inputs[0].ValueKind is JsonValueKind.Object
                ? new([.. inputs.Select(input => Tensor(input, labels.Length))], labels)
                : new([Plain(inputs, labels.Length)], labels);
        }
        catch (JsonException e)
        {
            throw new DatasetException($"it is no JSON (byte {e.BytePositionInLine})");
        }
    }

    private static ImmutableArray<double> Labelled(JsonElement root)
    {
        var labels = Array(root, "labels");
        if (labels.Length == 0 || labels.Any(label => label.ValueKind is not JsonValueKind.Number))
            throw new DatasetException("'labels' must be a list of numbers, one for each item");
        return [.. labels.Select(label => label.GetDouble())];
    }

    private static RowInput Tensor(JsonElement input, int items)
    {
        if (input.ValueKind is not JsonValueKind.Object) throw new DatasetException("'inputs' mixes tensors with plain numbers");
        var name = Text(input, "name");
        var shape = Array(input, "shape").Select(dimension =>
            dimension.ValueKind is JsonValueKind.Number && dimension.TryGetInt64(out var size) && size >= 0
                ? size
                : throw new DatasetException($"the shape of input '{name}' must be a list of whole numbers")).ToImmutableArray();
        var data = Flatten(Array(input, "data"));
        var elements = shape.Aggregate(1.0, (product, size) => product * size);
        if (data.Length != elements) throw new DatasetException($"input '{name}' has {data.Length} elements, but its shape calls for {elements}");
        if (items != 1 && (shape.IsEmpty || shape[0] != items))
            throw new DatasetException($"it has {items} labels, but input '{name}' is a batch of {(shape.IsEmpty ? 1 : shape[0])}");
        return new(name, Text(input, "datatype"), shape, data);
    }

    private static RowInput Plain(ImmutableArray<JsonElement> inputs, int items)
    {
        var data = Flatten(inputs);
        if (data.Length % items != 0) throw new DatasetException($"its {data.Length} numbers are no whole multiple of its {items} labels");
        return new(null, null, null, data);
    }

    private static ImmutableArray<JsonElement> Flatten(ImmutableArray<JsonElement> data)
    {
        var flat = data.Any(element => element.ValueKind is JsonValueKind.Array)
            ? [.. data.SelectMany(element => element.ValueKind is JsonValueKind.Array ? Flatten([.. element.EnumerateArray()]) : [element])]
            : data;
        return flat.Any(element => element.ValueKind is JsonValueKind.Object or JsonValueKind.Null)
            ? throw new DatasetException("its data holds an object or null where an element should be")
            : flat;
    }

    private static string Text(JsonElement input, string field) =>
        input.TryGetProperty(field, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString()!
            : throw new DatasetException($"an input has no '{field}'");

    private static ImmutableArray<JsonElement> Array(JsonElement owner, string field) =>
        owner.TryGetProperty(field, out var value) && value.ValueKind is JsonValueKind.Array
            ? [.. value.EnumerateArray()]
            : throw new DatasetException($"it has no list '{field}'");
}
