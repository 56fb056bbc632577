using Platform.Worker.Tensors;

namespace Platform.Worker.Inference.Codec;

/// <summary>Which outputs the client asked for, in its order, and which of them in binary.</summary>
internal sealed class OutputSelection
{
    private readonly List<(TensorSpec Spec, OutputForm Form)> chosen = [];

    /// <summary>For outputs that do not say themselves; it may stand before or after them.</summary>
    public bool IsBinaryByDefault { get; set; }

    public void ReadOutputs(ref JsonCursor cursor, RequestContext context)
    {
        var isFirst = true;
        while (cursor.TryReadElement(ref isFirst, "at 'outputs'"))
        {
            context.Count(chosen.Count + 1, "outputs");
            var (spec, form) = ReadOutput(ref cursor, context);
            if (spec is null) cursor.Fail("an output has no 'name'");
            if (chosen.Exists(output => output.Spec == spec)) throw RequestException.BadRequest($"output '{spec.Name}' already "
                + "exists in request");
            chosen.Add((spec, form));
        }
    }

    /// <summary>Sets the request's outputs; all of the model's where the client named none.</summary>
    public void Resolve(ModelInterface tensors, InferRequest request)
    {
        if (chosen.Count == 0) chosen.AddRange(tensors.Outputs.Select(output => (output, default(OutputForm))));
        request.Outputs = [.. chosen.Select(output => new RequestedOutput(output.Spec, output.Form.IsBinary ?? IsBinaryByDefault, output.Form.Classes))];
        var isInOrder = chosen.Count == tensors.Outputs.Length && !chosen.Where((output, i) => output.Spec != tensors.Outputs[i]).Any();
        request.OutputSpecs = isInOrder ? tensors.Outputs : [.. chosen.Select(output => output.Spec)];
    }

    private static (TensorSpec? Spec, OutputForm Form) ReadOutput(ref JsonCursor cursor, RequestContext context)
    {
        (TensorSpec? Spec, OutputForm Form) output = default;
        var isFirst = true;
        while (cursor.TryReadField(ref isFirst, "in an output", out var name))
        {
            if (cursor.TryTakeNull()) continue;
            if (name.SequenceEqual("name"u8)) output.Spec = context.FindOutput(cursor.ReadString("as an output's name"));
            else if (name.SequenceEqual("parameters"u8)) output.Form = ReadParameters(ref cursor);
            else cursor.SkipValue();
        }

        return output;
    }

    private static OutputForm ReadParameters(ref JsonCursor cursor)
    {
        var form = default(OutputForm);
        var isFirst = true;
        while (cursor.TryReadField(ref isFirst, "in an output's parameters", out var name))
        {
            if (name.SequenceEqual("binary_data"u8)) form = form with { IsBinary = cursor.ReadBool("as binary_data") };
            else if (name.SequenceEqual("classification"u8)) form = form with { Classes = ReadClasses(ref cursor) };
            else if (name.StartsWith("shared_memory_"u8)) cursor.Fail("shared memory is not supported; take the tensor from the body");
            else cursor.SkipValue();
        }

        return form;
    }

    /// <summary>0 is no classification, as for clients that always send the number.</summary>
    private static int ReadClasses(ref JsonCursor cursor)
    {
        var classes = cursor.ReadLong("as classification");
        if (classes < 0) cursor.Fail("classification is negative; give the number of classes");
        return (int)Math.Min(classes, int.MaxValue);
    }

    private readonly record struct OutputForm(bool? IsBinary, int Classes);
}
