using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;
using Platform.Core.Tensors;
using Platform.Formats;

namespace Platform.Worker.Jobs;

/// <summary>
/// Rows between two steps of a job, as their tensors: nothing is parsed twice. A row is its length (4 bytes) and then its
/// number, whether it has a fault, and its fault or its tensors; numbers are little-endian, texts have their length before them.
/// </summary>
internal static class RowFile
{
    private const int PrefixBytes = sizeof(int);

    /// <summary>Appends a row, and says how many bytes it takes.</summary>
    public static int Write(ArrayBufferWriter<byte> to, InputRow row)
    {
        var start = to.WrittenCount;
        WriteInt(to, 0);
        WriteLong(to, row.Number);
        WriteInt(to, row.Fault is null ? row.Tensors.Length : -1);
        if (row.Fault is { } fault)
        {
            WriteText(to, fault.Reason);
            WriteText(to, fault.Column ?? "");
        }
        else
        {
            foreach (var tensor in row.Tensors) WriteTensor(to, tensor);
        }

        var length = to.WrittenCount - start;
        // The writer gives its memory for reading only; the length is known only now.
        BinaryPrimitives.WriteInt32LittleEndian(System.Runtime.InteropServices.MemoryMarshal.AsMemory(to.WrittenMemory).Span[start..], length - PrefixBytes);
        return length;
    }

    public static async IAsyncEnumerable<InputRow> ReadAsync(Stream file, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var prefix = new byte[PrefixBytes];
        while (await file.ReadAtLeastAsync(prefix, PrefixBytes, throwOnEndOfStream: false, cancellation) is var read and > 0)
        {
            if (read < PrefixBytes) throw new InvalidDataException("A file of rows is cut off.");
            var row = new byte[BinaryPrimitives.ReadInt32LittleEndian(prefix)];
            await file.ReadExactlyAsync(row, cancellation);
            yield return Parse(row);
        }
    }

    private static InputRow Parse(ReadOnlyMemory<byte> bytes)
    {
        var at = 0;
        var number = BinaryPrimitives.ReadInt64LittleEndian(Take(bytes, ref at, sizeof(long)).Span);
        var count = ReadInt(bytes, ref at);
        if (count < 0)
        {
            var reason = ReadText(bytes, ref at);
            return new(number, [], new RowFault(reason, ReadText(bytes, ref at) is { Length: > 0 } column ? column : null));
        }

        var tensors = ImmutableArray.CreateBuilder<RowTensor>(count);
        for (var i = 0; i < count; i++) tensors.Add(ReadTensor(bytes, ref at));
        return new(number, tensors.MoveToImmutable(), null);
    }

    private static RowTensor ReadTensor(ReadOnlyMemory<byte> bytes, ref int at)
    {
        var name = ReadText(bytes, ref at);
        var datatype = (Datatype)ReadInt(bytes, ref at);
        var shape = new long[ReadInt(bytes, ref at)];
        for (var i = 0; i < shape.Length; i++) shape[i] = BinaryPrimitives.ReadInt64LittleEndian(Take(bytes, ref at, sizeof(long)).Span);
        return new(name, datatype, [.. shape], Take(bytes, ref at, ReadInt(bytes, ref at)));
    }

    private static void WriteTensor(ArrayBufferWriter<byte> to, RowTensor tensor)
    {
        WriteText(to, tensor.Name);
        WriteInt(to, (int)tensor.Datatype);
        WriteInt(to, tensor.Shape.Length);
        foreach (var dimension in tensor.Shape) WriteLong(to, dimension);
        WriteInt(to, tensor.Data.Length);
        to.Write(tensor.Data.Span);
    }

    private static void WriteInt(ArrayBufferWriter<byte> to, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(to.GetSpan(sizeof(int)), value);
        to.Advance(sizeof(int));
    }

    private static void WriteLong(ArrayBufferWriter<byte> to, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(to.GetSpan(sizeof(long)), value);
        to.Advance(sizeof(long));
    }

    private static void WriteText(ArrayBufferWriter<byte> to, string text)
    {
        WriteInt(to, Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, to);
    }

    private static int ReadInt(ReadOnlyMemory<byte> bytes, ref int at) => BinaryPrimitives.ReadInt32LittleEndian(Take(bytes, ref at, sizeof(int)).Span);

    private static string ReadText(ReadOnlyMemory<byte> bytes, ref int at) => Encoding.UTF8.GetString(Take(bytes, ref at, ReadInt(bytes, ref at)).Span);

    private static ReadOnlyMemory<byte> Take(ReadOnlyMemory<byte> bytes, ref int at, int count)
    {
        var taken = bytes.Slice(at, count);
        at += count;
        return taken;
    }
}
