using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Platform.Api.Inference.Protocol;

namespace Platform.Api.Inference.Grpc;

/// <summary>Tensors that came as protobuf's own numbers, made the bytes that binary tensors are: little-endian, row-major.</summary>
internal static class TypedContents
{
    private const int LengthBytes = sizeof(uint);

    /// <summary>Bytes that the input takes; what does not belong to its datatype is refused.</summary>
    /// <exception cref="InvalidRequestException">The contents are not those of the datatype.</exception>
    public static int Size(ModelInferRequest.Types.InferInputTensor input)
    {
        var contents = input.Contents ?? new InferTensorContents();
        var (count, elementBytes) = input.Datatype switch
        {
            "BOOL" => (contents.BoolContents.Count, 1),
            "INT8" => (contents.IntContents.Count, 1),
            "INT16" => (contents.IntContents.Count, 2),
            "INT32" => (contents.IntContents.Count, 4),
            "INT64" => (contents.Int64Contents.Count, 8),
            "UINT8" => (contents.UintContents.Count, 1),
            "UINT16" => (contents.UintContents.Count, 2),
            "UINT32" => (contents.UintContents.Count, 4),
            "UINT64" => (contents.Uint64Contents.Count, 8),
            "FP32" => (contents.Fp32Contents.Count, 4),
            "FP64" => (contents.Fp64Contents.Count, 8),
            "BYTES" => (contents.BytesContents.Count, 0),
            "FP16" or "BF16" => throw new InvalidRequestException(
                $"input '{input.Name}' is {input.Datatype}, which has no typed contents; send it in raw_input_contents"),
            _ => throw new InvalidRequestException($"input '{input.Name}' has the datatype '{input.Datatype}', which is none of BOOL, UINT8, "
                + "UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, FP16, BF16, FP32, FP64, BYTES"),
        };
        if (count != Total(contents))
            throw new InvalidRequestException($"input '{input.Name}' is {input.Datatype}, but its contents hold elements of another type");
        return elementBytes > 0 ? checked(count * elementBytes) : contents.BytesContents.Sum(element => LengthBytes + element.Length);
    }

    public static void Write(ModelInferRequest.Types.InferInputTensor input, Span<byte> into)
    {
        if (input.Contents is not { } contents) return;
        switch (input.Datatype)
        {
            case "BOOL": Narrow<byte, bool>(input, contents.BoolContents, into, value => value ? 1 : 0); break;
            case "INT8": Narrow<sbyte, int>(input, contents.IntContents, into, value => value); break;
            case "INT16": Narrow<short, int>(input, contents.IntContents, into, value => value); break;
            case "INT32": Narrow<int, int>(input, contents.IntContents, into, value => value); break;
            case "UINT8": Narrow<byte, uint>(input, contents.UintContents, into, value => value); break;
            case "UINT16": Narrow<ushort, uint>(input, contents.UintContents, into, value => value); break;
            case "UINT32": Narrow<uint, uint>(input, contents.UintContents, into, value => value); break;
            case "INT64": Copy(contents.Int64Contents, into); break;
            case "UINT64": Copy(contents.Uint64Contents, into); break;
            case "FP32": Copy(contents.Fp32Contents, into); break;
            case "FP64": Copy(contents.Fp64Contents, into); break;
            default: WriteStrings(contents.BytesContents, into); break;
        }
    }

    private static int Total(InferTensorContents contents) =>
        contents.BoolContents.Count + contents.IntContents.Count + contents.Int64Contents.Count + contents.UintContents.Count
        + contents.Uint64Contents.Count + contents.Fp32Contents.Count + contents.Fp64Contents.Count + contents.BytesContents.Count;

    private static void Copy<T>(RepeatedField<T> values, Span<byte> into)
        where T : unmanaged
    {
        var elements = MemoryMarshal.Cast<byte, T>(into);
        for (var i = 0; i < elements.Length; i++) elements[i] = values[i];
    }

    private static void Narrow<T, TWide>(
        ModelInferRequest.Types.InferInputTensor input, RepeatedField<TWide> values, Span<byte> into, Func<TWide, long> number)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var elements = MemoryMarshal.Cast<byte, T>(into);
        for (var i = 0; i < elements.Length; i++)
        {
            var value = number(values[i]);
            if (value < long.CreateChecked(T.MinValue) || value > long.CreateChecked(T.MaxValue))
                throw new InvalidRequestException($"element {i} of input '{input.Name}' is {value}, but {input.Datatype} holds {T.MinValue} to {T.MaxValue}");
            elements[i] = T.CreateTruncating(value);
        }
    }

    private static void WriteStrings(RepeatedField<ByteString> values, Span<byte> into)
    {
        foreach (var value in values)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(into, (uint)value.Length);
            value.Span.CopyTo(into[LengthBytes..]);
            into = into[(LengthBytes + value.Length)..];
        }
    }
}
