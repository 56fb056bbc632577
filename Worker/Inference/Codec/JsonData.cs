using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Platform.Worker.Onnx;
using Platform.Worker.Tensors;

namespace Platform.Worker.Inference.Codec;

/// <summary>Writes the elements of a tensor as one flat JSON array.</summary>
internal static class JsonData
{
    /// <summary>The longest any number of ours can be: -1.7976931348623157E+308, with its comma.</summary>
    private const int MaxNumberBytes = 32;

    public static void Write(ByteWriter writer, OutputTensor tensor)
    {
        var bytes = tensor.Bytes;
        switch (tensor.Spec.Datatype)
        {
            case Datatype.Bool: WriteBooleans(writer, bytes); break;
            case Datatype.Uint8: WriteNumbers<byte>(writer, bytes); break;
            case Datatype.Uint16: WriteNumbers<ushort>(writer, bytes); break;
            case Datatype.Uint32: WriteNumbers<uint>(writer, bytes); break;
            case Datatype.Uint64: WriteNumbers<ulong>(writer, bytes); break;
            case Datatype.Int8: WriteNumbers<sbyte>(writer, bytes); break;
            case Datatype.Int16: WriteNumbers<short>(writer, bytes); break;
            case Datatype.Int32: WriteNumbers<int>(writer, bytes); break;
            case Datatype.Int64: WriteNumbers<long>(writer, bytes); break;
            case Datatype.Fp32: WriteNumbers<float>(writer, bytes); break;
            case Datatype.Fp64: WriteNumbers<double>(writer, bytes); break;
            case Datatype.Bytes: WriteStrings(writer, tensor, bytes); break;
            default: throw NotInJson(tensor);
        }
    }

    /// <summary>Says before the model runs what would fail after it.</summary>
    public static void EnsureWritable(in RequestedOutput output)
    {
        if (!output.IsBinary && output.Classes == 0 && output.Spec.Datatype is Datatype.Fp16 or Datatype.Bf16) throw NotInJson(output.Spec);
    }

    /// <summary>Shortest text that reads back as the same value; NaN and Infinity bare, as Triton writes them.</summary>
    private static void WriteNumbers<T>(ByteWriter writer, ReadOnlySpan<byte> bytes)
        where T : unmanaged, IUtf8SpanFormattable
    {
        var room = writer.Room(MaxNumberBytes);
        var at = 0;
        room[at++] = (byte)'[';
        foreach (var value in MemoryMarshal.Cast<byte, T>(bytes))
        {
            if (room.Length - at < MaxNumberBytes)
            {
                writer.Advance(at);
                room = writer.Room(Math.Max(MaxNumberBytes, room.Length));
                at = 0;
            }

            value.TryFormat(room[at..], out var written, default, CultureInfo.InvariantCulture);
            at += written;
            room[at++] = (byte)',';
        }

        writer.Advance(at);
        Close(writer, bytes.IsEmpty);
    }

    private static void WriteBooleans(ByteWriter writer, ReadOnlySpan<byte> bytes)
    {
        writer.Write((byte)'[');
        foreach (var value in bytes) writer.Write(value != 0 ? "true,"u8 : "false,"u8);
        Close(writer, bytes.IsEmpty);
    }

    private static void WriteStrings(ByteWriter writer, OutputTensor tensor, ReadOnlySpan<byte> bytes)
    {
        writer.Write((byte)'[');
        foreach (var element in new BytesElements(bytes))
        {
            if (!Utf8.IsValid(element))
                throw RequestException.BadRequest(
                    $"output '{tensor.Spec.Name}' holds bytes that are not UTF-8 text. Please use the binary data format for it "
                        + "(\"binary_data\": true)");
            WriteString(writer, element);
            writer.Write((byte)',');
        }

        Close(writer, bytes.IsEmpty);
    }

    public static void WriteString(ByteWriter writer, ReadOnlySpan<byte> utf8)
    {
        writer.Write((byte)'"');
        while (!utf8.IsEmpty)
        {
            // The encoder stops where the room ends; six bytes hold any escaped character.
            JavaScriptEncoder.UnsafeRelaxedJsonEscaping.EncodeUtf8(utf8, writer.Room(utf8.Length + 12), out var consumed, out var written);
            writer.Advance(written);
            utf8 = utf8[consumed..];
        }

        writer.Write((byte)'"');
    }

    /// <summary>Puts the bracket in the place of the last comma.</summary>
    private static void Close(ByteWriter writer, bool isEmpty)
    {
        if (!isEmpty) writer.Advance(-1);
        writer.Write((byte)']');
    }

    private static RequestException NotInJson(OutputTensor tensor) => NotInJson(tensor.Spec);

    private static RequestException NotInJson(TensorSpec spec) => RequestException.BadRequest(
        $"sending {spec.Datatype.Name()} data via JSON is not supported. Please use the binary data format for output '{spec.Name}'");
}
