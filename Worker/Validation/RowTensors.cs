using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Platform.Core.Models.Datasets;
using Platform.Worker.Tensors;

namespace Platform.Worker.Validation;

/// <summary>Tensors of a JSONL row.</summary>
internal static class RowTensors
{
    public static OwnedTensors Make(DatasetRow row, ModelInterface model)
    {
        var owned = new OwnedTensors(model.Inputs.Length);
        try
        {
            for (var i = 0; i < model.Inputs.Length; i++)
            {
                var spec = model.Inputs[i];
                var input = Find(row, spec, model.Inputs.Length);
                var shape = input.Shape is { } given ? [.. given] : PlainShape(spec, input.Data.Length);
                if (input.Datatype is { } datatype && datatype != spec.Datatype.Name())
                    throw new DatasetException($"input '{spec.Name}' is {datatype}, but the model takes {spec.Datatype.Name()}");
                if (!spec.Admits(shape))
                    throw new DatasetException($"input '{spec.Name}' has the shape {Shapes.Text(shape)}, but the model takes {Shapes.Text(spec.Shape)}");
                Write(owned, i, spec, shape, input.Data);
            }

            return owned;
        }
        catch
        {
            owned.Dispose();
            throw;
        }
    }

    private static RowInput Find(DatasetRow row, TensorSpec spec, int inputs)
    {
        if (row.Inputs is not [{ Name: null } plain]) return row.Inputs.FirstOrDefault(input => input.Name == spec.Name)
            ?? throw new DatasetException($"it has no input '{spec.Name}'");
        return inputs == 1 ? plain : throw new DatasetException($"plain numbers are for models with one input; this one has {inputs}");
    }

    /// <summary>The model's own shape, its one free dimension what the numbers come to.</summary>
    private static long[] PlainShape(TensorSpec spec, int elements)
    {
        var fixedElements = spec.Shape.Where(size => size >= 0).Aggregate(1L, (product, size) => product * size);
        if (spec.AnyShape || spec.Shape.Count(size => size < 0) > 1 || fixedElements == 0 || elements % fixedElements != 0)
            throw new DatasetException($"its {elements} numbers do not say how they fill the shape {Shapes.Text(spec.Shape)}; give the shape");
        return [.. spec.Shape.Select(size => size >= 0 ? size : elements / fixedElements)];
    }

    private static void Write(OwnedTensors owned, int index, TensorSpec spec, long[] shape, ImmutableArray<JsonElement> data)
    {
        if (!Shapes.TryCount(shape, out var elements) || elements != data.Length)
            throw new DatasetException($"input '{spec.Name}' has {data.Length} elements for the shape {Shapes.Text(shape)}");
        if (spec.Datatype is Datatype.Bytes)
        {
            WriteStrings(owned, index, spec, shape, [.. data.Select(element => Encoding.UTF8.GetBytes(element.GetString()!))]);
            return;
        }

        var bytes = owned.Add(index, spec, shape).Bytes;
        var size = spec.Datatype.ElementBytes();
        for (var i = 0; i < data.Length; i++) Write(spec.Datatype, bytes.Slice(i * size, size), data[i]);
    }

    private static void WriteStrings(OwnedTensors owned, int index, TensorSpec spec, long[] shape, byte[][] texts)
    {
        var rest = owned.Add(index, spec, shape, texts.Sum(text => BytesElements.PrefixBytes + text.Length)).Bytes;
        foreach (var text in texts)
        {
            BinaryPrimitives.WriteInt32LittleEndian(rest, text.Length);
            text.CopyTo(rest[BytesElements.PrefixBytes..]);
            rest = rest[(BytesElements.PrefixBytes + text.Length)..];
        }
    }

    private static void Write(Datatype datatype, Span<byte> to, JsonElement element)
    {
        switch (datatype)
        {
            case Datatype.Bool: to[0] = element.GetBoolean() ? (byte)1 : (byte)0; break;
            case Datatype.Uint8: to[0] = element.GetByte(); break;
            case Datatype.Int8: to[0] = (byte)element.GetSByte(); break;
            case Datatype.Uint16: MemoryMarshal.Write(to, element.GetUInt16()); break;
            case Datatype.Int16: MemoryMarshal.Write(to, element.GetInt16()); break;
            case Datatype.Uint32: MemoryMarshal.Write(to, element.GetUInt32()); break;
            case Datatype.Int32: MemoryMarshal.Write(to, element.GetInt32()); break;
            case Datatype.Uint64: MemoryMarshal.Write(to, element.GetUInt64()); break;
            case Datatype.Int64: MemoryMarshal.Write(to, element.GetInt64()); break;
            case Datatype.Fp16: MemoryMarshal.Write(to, (Half)element.GetDouble()); break;
            case Datatype.Bf16: MemoryMarshal.Write(to, (ushort)(BitConverter.SingleToUInt32Bits(element.GetSingle()) >> 16)); break;
            case Datatype.Fp32: MemoryMarshal.Write(to, element.GetSingle()); break;
            default: MemoryMarshal.Write(to, element.GetDouble()); break;
        }
    }
}
