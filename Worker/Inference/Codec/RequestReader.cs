using System.Text;
using Platform.Worker.Tensors;

namespace Platform.Worker.Inference.Codec;

/// <summary>Decodes a V2 infer request against the model that is to answer it.</summary>
internal static class RequestReader
{
    /// <summary>Tensors may lie in <paramref name="body"/>, which must outlive the request.</summary>
    /// <exception cref="RequestException">The request cannot be answered as it stands.</exception>
    public static InferRequest Read(string model, ModelInterface tensors, RequestBody body, RequestLimits limits)
    {
        var request = new InferRequest();
        try
        {
            var context = new RequestContext(model, tensors, body, request, limits);
            if (body.IsRawTensor) ReadRaw(context);
            else ReadJson(context);
            return request;
        }
        catch
        {
            request.Dispose();
            throw;
        }
    }

    private static void ReadRaw(RequestContext context)
    {
        context.Request.Inputs = [BinaryInput.TakeRaw(context)];
        new OutputSelection { IsBinaryByDefault = true }.Resolve(context.Tensors, context.Request);
    }

    private static void ReadJson(RequestContext context)
    {
        var request = context.Request;
        var cursor = new JsonCursor(context.Body.Json, context.Limits.MaxJsonDepth);
        var inputs = new Tensor?[context.Tensors.Inputs.Length + context.Tensors.Optional.Length];
        var outputs = new OutputSelection();
        var seen = Fields.None;
        var isFirst = true;
        while (cursor.TryReadField(ref isFirst, "at the request", out var name))
        {
            if (cursor.TryTakeNull()) continue;
            var field = FieldOf(name);
            if (seen.HasFlag(field) && field != Fields.None) cursor.Fail($"the request has two fields '{Encoding.UTF8.GetString(name)}'");
            seen |= field;
            if (field == Fields.Inputs) ReadInputs(ref cursor, inputs, context);
            else if (field == Fields.Outputs) outputs.ReadOutputs(ref cursor, context);
            else if (field == Fields.Parameters) RequestParameters.Read(ref cursor, request, outputs);
            else if (field == Fields.Id) request.Id = ReadId(ref cursor);
            else cursor.SkipValue();
        }

        cursor.TakeEnd();
        if (!seen.HasFlag(Fields.Inputs)) cursor.Fail("the request has no 'inputs'");
        request.Inputs = AllOf(inputs, context);
        outputs.Resolve(context.Tensors, request);
        if (context.BinaryPosition != context.Body.End)
            throw RequestException.BadRequest(
                $"unexpected additional input data for model '{context.Model}': {context.Body.End - context.BinaryPosition} bytes "
                    + "are left over");
        if (context.Tensors.IsBatched) request.BatchSize = BatchSizeOf(request.Inputs, context);
    }

    private static void ReadInputs(ref JsonCursor cursor, Tensor?[] inputs, RequestContext context)
    {
        var isFirst = true;
        var count = 0;
        while (cursor.TryReadElement(ref isFirst, "at 'inputs'"))
        {
            context.Count(++count, "inputs");
            var fields = InputFields.Read(ref cursor, context);
            if (fields.Index >= 0 && inputs[fields.Index] is not null)
                throw RequestException.BadRequest($"input '{fields.Spec!.Name}' already exists in request");
            var tensor = InputReader.Read(ref cursor, fields, context);
            inputs[fields.Index] = tensor;
        }
    }

    private static Tensor[] AllOf(Tensor?[] inputs, RequestContext context)
    {
        var missing = context.Tensors.Inputs.Where((_, i) => inputs[i] is null).ToArray();
        var required = context.Tensors.Inputs.Length;
        if (missing.Length == 0 && inputs.Length == required) return inputs!;
        if (missing.Length == 0) return WithOptional(inputs, context);
        throw RequestException.BadRequest(
            $"expected {required} inputs but got {required - missing.Length} inputs for model '{context.Model}'. "
            + $"Missing required input(s) {RequestContext.Names(missing)}");
    }

    private static Tensor[] WithOptional(Tensor?[] inputs, RequestContext context)
    {
        var required = context.Tensors.Inputs.Length;
        var optional = inputs.Skip(required).Select((tensor, i) => tensor?.For(context.Tensors.Optional[i]));
        return [.. inputs.Take(required).Concat(optional).OfType<Tensor>()];
    }

    private static int BatchSizeOf(Tensor[] inputs, RequestContext context)
    {
        var size = inputs[0].Shape[0];
        for (var i = 1; i < context.Tensors.Inputs.Length; i++)
        {
            if (inputs[i].Shape[0] != size)
                throw RequestException.BadRequest(
                    $"input '{context.Tensors.Inputs[i].Name}' batch size does not match other inputs for '{context.Model}': "
                    + $"it has {inputs[i].Shape[0]}, '{context.Tensors.Inputs[0].Name}' has {size}");
        }

        if (size == 0) throw RequestException.BadRequest($"inference request batch-size must be >= 1 for '{context.Model}', but is 0");
        return (int)size;
    }

    private static string? ReadId(ref JsonCursor cursor)
    {
        const int maxBytes = 1024;
        var id = cursor.ReadString("as 'id'");
        if (id.Length > maxBytes) cursor.Fail($"'id' is longer than {maxBytes} bytes");
        return id.IsEmpty ? null : Encoding.UTF8.GetString(id);
    }

    private static Fields FieldOf(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("inputs"u8) ? Fields.Inputs
        : name.SequenceEqual("outputs"u8) ? Fields.Outputs
        : name.SequenceEqual("parameters"u8) ? Fields.Parameters
        : name.SequenceEqual("id"u8) ? Fields.Id
        : Fields.None;

    [Flags]
    private enum Fields
    {
        None = 0,
        Inputs = 1,
        Outputs = 2,
        Parameters = 4,
        Id = 8,
    }
}
