using Platform.Worker.Tensors;

namespace Platform.Worker.Inference.Codec;

/// <summary>Inputs whose bytes follow the JSON, in the order in which the JSON names them.</summary>
internal static class BinaryInput
{
    /// <summary>Takes the next bytes as a tensor of a validated type and shape.</summary>
    public static Tensor Take(in InputFields fields, RequestContext context, long bytes)
    {
        var (spec, shape) = (fields.Spec!, fields.Shape!);
        var body = context.Body;
        var present = body.End - context.BinaryPosition;
        if (bytes > present)
            throw RequestException.BadRequest(
                $"unexpected size for input '{spec.Name}', expecting {bytes - present} additional bytes for model '{context.Model}'");
        var start = context.BinaryPosition;
        context.BinaryPosition += (int)bytes;
        Shapes.TryCount(shape, out var elements);
        return Make(spec, shape, elements, start, (int)bytes, context);
    }

    /// <summary>The whole body as the only input, in a batch of one.</summary>
    public static Tensor TakeRaw(RequestContext context)
    {
        if (context.Tensors.Inputs is not [var spec])
            throw RequestException.BadRequest(
                $"a raw binary request needs a model with exactly 1 input, but model '{context.Model}' has "
                    + $"{context.Tensors.Inputs.Length}; "
                + $"send JSON, or binary tensors after JSON ({RequestBody.HeaderLengthHeader})");
        var shape = spec.Shape.ToArray();
        if (context.Tensors.IsBatched) shape[0] = 1;
        if (spec.Datatype == Datatype.Bytes) return TakeRawString(spec, shape, context);
        var bytes = context.Body.Length;
        var free = shape.Count(dimension => dimension < 0);
        if (free > 1 || spec.AnyShape)
            throw RequestException.BadRequest($"a raw binary request cannot say the shape of input '{spec.Name}', which has several "
                + "free dimensions");
        Shapes.TryCount([.. shape.Where(dimension => dimension >= 0)], out var known);
        var item = known * spec.Datatype.ElementBytes();
        if (free == 1 && item > 0 && bytes % item == 0) shape[Array.IndexOf(shape, -1)] = bytes / item;
        else if (free == 1) throw Mismatch(spec, context, $"a multiple of {item}", bytes);
        Shapes.TryCount(shape, out var elements);
        return Make(spec, shape, elements, context.Body.Start, bytes, context);
    }

    private static Tensor Make(TensorSpec spec, long[] shape, long elements, int start, int bytes, RequestContext context)
    {
        var content = context.Body.Buffer.Span.Slice(start, bytes);
        var size = spec.Datatype.ElementBytes();
        if (spec.Datatype == Datatype.Bytes) CheckStrings(spec, elements, content, context);
        else if (elements * size != bytes) throw Mismatch(spec, context, $"{elements * size}", bytes);
        // The runtime reads any byte but 0 as it likes.
        if (spec.Datatype == Datatype.Bool && content.IndexOfAnyExcept((byte)0, (byte)1) is var other and >= 0)
            throw RequestException.BadRequest($"element {other} of input '{spec.Name}' is {content[other]}; a BOOL is one byte, 0 or 1");
        var isAligned = size <= 1 || (context.Body.Buffer.AddressOf(start) & (size - 1)) == 0;
        if (isAligned) return new Tensor(spec.Datatype, shape, context.Body.Buffer, start, bytes);
        var copy = context.Request.Rent(bytes);
        content.CopyTo(copy.Span);
        return new Tensor(spec.Datatype, shape, copy, 0, bytes);
    }

    private static void CheckStrings(TensorSpec spec, long expected, ReadOnlySpan<byte> content, RequestContext context)
    {
        var elements = new BytesElements(content);
        var count = 0L;
        while (elements.MoveNext()) count++;
        if (elements.IsCutOff)
            throw RequestException.BadRequest(
                $"incomplete string length or data for inference input '{spec.Name}': element {count} reaches beyond the end of its "
                    + $"{content.Length} bytes");
        if (count != expected)
            throw RequestException.BadRequest(
                $"unexpected number of string elements {count} for inference input '{spec.Name}' for model '{context.Model}', "
                    + $"expecting {expected}");
    }

    private static Tensor TakeRawString(TensorSpec spec, long[] shape, RequestContext context)
    {
        // The body is one string, without a length before it.
        if (shape.Any(dimension => dimension is not (1 or -1)) || spec.AnyShape)
            throw RequestException.BadRequest($"a raw binary request holds one BYTES element, but input '{spec.Name}' takes "
                + $"{Shapes.Text(spec.Shape)}");
        var body = context.Body;
        var buffer = context.Request.Rent(BytesElements.PrefixBytes + body.Length);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(buffer.Span, (uint)body.Length);
        body.Buffer.Span[body.Start..body.End].CopyTo(buffer.Span[BytesElements.PrefixBytes..]);
        return new Tensor(Datatype.Bytes, [.. shape.Select(_ => 1L)], buffer, 0, BytesElements.PrefixBytes + body.Length);
    }

    private static RequestException Mismatch(TensorSpec spec, RequestContext context, string expected, long bytes) =>
        RequestException.BadRequest($"input byte size mismatch for input '{spec.Name}' for model '{context.Model}'. Expected "
            + $"{expected}, got {bytes}");
}
