using Platform.Worker.Tensors;

namespace Platform.Worker.Inference.Codec;

/// <summary>Which outputs the client asked for, in its order, and which of them in binary.</summary>
internal sealed class OutputSelection
{
    private readonly List<(TensorSpec Spec, bool? IsBinary)> chosen = [];

    /// <summary>For outputs that do not say themselves; it may stand before or after them.</summary>
    public bool IsBinaryByDefault { get; set; }

    public void ReadOutputs(ref JsonCursor cursor, RequestContext context)
    {
        var isFirst = true;
        while (cursor.TryReadElement(ref isFirst, "at 'outputs'"))
        {
            var (spec, isBinary) = ReadOutput(ref cursor, context);
            if (spec is null) cursor.Fail("an output has no 'name'");
            if (chosen.Exists(output => output.Spec == spec)) throw RequestException.BadRequest($"output '{spec.Name}' already "
                + "exists in request");
            chosen.Add((spec, isBinary));
        }
    }

    /// <summary>Sets the request's outputs; all of the model's where the client named none.</summary>
    public void Resolve(ModelInterface tensors, InferRequest request)
    {
        if (chosen.Count == 0) chosen.AddRange(tensors.Outputs.Select(output => (output, (bool?)null)));
        request.Outputs = [.. chosen.Select(output => new RequestedOutput(output.Spec, output.IsBinary ?? IsBinaryByDefault))];
        var isInOrder = chosen.Count == tensors.Outputs.Length && !chosen.Where((output, i) => output.Spec != tensors.Outputs[i]).Any();
        request.OutputSpecs = isInOrder ? tensors.Outputs : [.. chosen.Select(output => output.Spec)];
    }

    private static (TensorSpec? Spec, bool? IsBinary) ReadOutput(ref JsonCursor cursor, RequestContext context)
    {
        (TensorSpec? Spec, bool? IsBinary) output = default;
        var isFirst = true;
        while (cursor.TryReadField(ref isFirst, "in an output", out var name))
        {
            if (cursor.TryTakeNull()) continue;
            if (name.SequenceEqual("name"u8)) output.Spec = context.FindOutput(cursor.ReadString("as an output's name"));
            else if (name.SequenceEqual("parameters"u8)) output.IsBinary = ReadParameters(ref cursor);
            else cursor.SkipValue();
        }

        return output;
    }

    private static bool? ReadParameters(ref JsonCursor cursor)
    {
        bool? isBinary = null;
        var isFirst = true;
        while (cursor.TryReadField(ref isFirst, "in an output's parameters", out var name))
        {
            if (name.SequenceEqual("binary_data"u8)) isBinary = cursor.ReadBool("as binary_data");
            else if (name.SequenceEqual("classification"u8)) cursor.Fail("classification is not supported; take the output and sort it");
            else if (name.StartsWith("shared_memory_"u8)) cursor.Fail("shared memory is not supported; take the tensor from the body");
            else cursor.SkipValue();
        }

        return isBinary;
    }
}
