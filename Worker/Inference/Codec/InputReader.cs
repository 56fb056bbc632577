using System.Runtime.InteropServices;
using Platform.Worker.Tensors;

namespace Platform.Worker.Inference.Codec;

/// <summary>Makes a tensor of what an input of the request says, or says why it cannot.</summary>
internal static class InputReader
{
    public static Tensor Read(ref JsonCursor cursor, in InputFields fields, RequestContext context)
    {
        var name = fields.Spec?.Name ?? throw RequestException.BadRequest("an input has no 'name'");
        if (fields.Shape is null) throw RequestException.BadRequest($"input '{name}' has no 'shape'");
        if (fields.Datatype is null) throw RequestException.BadRequest($"input '{name}' has no 'datatype'");
        if (fields.BinaryBytes is { } bytes)
        {
            if (fields.DataPosition >= 0) throw RequestException.BadRequest($"input '{name}' has both 'data' and "
                + "'binary_data_size'; give one");
            Validate(fields, context);
            return BinaryInput.Take(fields, context, bytes);
        }

        if (fields.Tensor is { } tensor) return tensor;
        if (fields.DataPosition < 0)
            throw RequestException.BadRequest($"input '{name}' has no 'data', and no 'binary_data_size' among its parameters");
        var after = cursor.Position;
        cursor.Position = fields.DataPosition;
        var read = ReadJson(ref cursor, fields, context);
        cursor.Position = after;
        return read;
    }

    /// <summary>Reads the data at the cursor.</summary>
    public static Tensor ReadJson(ref JsonCursor cursor, in InputFields fields, RequestContext context)
    {
        var elements = Validate(fields, context);
        var (spec, shape) = (fields.Spec!, fields.Shape!);
        // Each element takes two bytes of text, itself and what parts it from the next. Where there cannot be as many as
        // the shape says, no memory is taken and the walk only counts.
        var textBytes = cursor.Text.Length - cursor.Position;
        var room = elements <= (textBytes + 1) / 2 ? (int)elements : 0;
        return spec.Datatype switch
        {
            Datatype.Bool => Read<byte, BoolElement>(ref cursor, spec, shape, room, context),
            Datatype.Uint8 => Read<byte, IntegerElement<byte>>(ref cursor, spec, shape, room, context),
            Datatype.Uint16 => Read<ushort, IntegerElement<ushort>>(ref cursor, spec, shape, room, context),
            Datatype.Uint32 => Read<uint, IntegerElement<uint>>(ref cursor, spec, shape, room, context),
            Datatype.Uint64 => Read<ulong, IntegerElement<ulong>>(ref cursor, spec, shape, room, context),
            Datatype.Int8 => Read<sbyte, IntegerElement<sbyte>>(ref cursor, spec, shape, room, context),
            Datatype.Int16 => Read<short, IntegerElement<short>>(ref cursor, spec, shape, room, context),
            Datatype.Int32 => Read<int, IntegerElement<int>>(ref cursor, spec, shape, room, context),
            Datatype.Int64 => Read<long, IntegerElement<long>>(ref cursor, spec, shape, room, context),
            Datatype.Fp32 => Read<float, FloatElement>(ref cursor, spec, shape, room, context),
            Datatype.Fp64 => Read<double, DoubleElement>(ref cursor, spec, shape, room, context),
            Datatype.Bytes => ReadStrings(ref cursor, spec, shape, context),
            var half => throw RequestException.BadRequest(
                $"receiving {half.Name()} data via JSON is not supported. Please use the binary data format for input '{spec.Name}'"),
        };
    }

    /// <summary>Holds type and shape against the model and gives the number of elements.</summary>
    private static long Validate(in InputFields fields, RequestContext context)
    {
        var (spec, shape) = (fields.Spec!, fields.Shape!);
        if (fields.Datatype != spec.Datatype)
            throw RequestException.BadRequest(
                $"inference input '{spec.Name}' data-type is '{fields.Datatype!.Value.Name()}', but model '{context.Model}' expects "
                    + $"'{spec.Datatype.Name()}'");
        if (!spec.Admits(shape))
            throw RequestException.BadRequest(
                $"unexpected shape for input '{spec.Name}' for model '{context.Model}'. Expected {Shapes.Text(spec.Shape)}, got "
                    + $"{Shapes.Text(shape)}"
                + (context.Tensors.IsBatched ? ". NOTE: The first dimension is the batch; -1 takes any size" : ""));
        if (!Shapes.TryCount(shape, out var elements) || elements > context.Limits.MaxElements)
            throw RequestException.BadRequest(
                $"the shape {Shapes.Text(shape)} of input '{spec.Name}' causes total element count to exceed maximum size of "
                    + $"{context.Limits.MaxElements}; send fewer items at once");
        return elements;
    }

    private static Tensor Read<T, TElement>(ref JsonCursor cursor, TensorSpec spec, long[] shape, int room, RequestContext context)
        where T : unmanaged
        where TElement : struct, IElement<T>
    {
        var length = room * spec.Datatype.ElementBytes();
        var buffer = context.Request.Rent(length + PinnedBuffer.Alignment);
        var start = buffer.AlignedStart;
        var leaf = new NumberLeaf<T, TElement>(MemoryMarshal.Cast<byte, T>(buffer.Span.Slice(start, length)));
        NestedArray.Read(ref cursor, ref leaf, spec.Name, shape);
        return new Tensor(spec.Datatype, shape, buffer, start, length);
    }

    private static Tensor ReadStrings(ref JsonCursor cursor, TensorSpec spec, long[] shape, RequestContext context)
    {
        var room = BytesLeaf.Room(cursor.Text.Length - cursor.Position);
        if (room > Array.MaxLength) throw new RequestException(StatusCodes.Status413PayloadTooLarge, "the strings of input "
            + $"'{spec.Name}' are too large");
        var buffer = context.Request.Rent((int)room);
        var leaf = new BytesLeaf(buffer);
        NestedArray.Read(ref cursor, ref leaf, spec.Name, shape);
        return new Tensor(spec.Datatype, shape, buffer, 0, leaf.Written);
    }
}
