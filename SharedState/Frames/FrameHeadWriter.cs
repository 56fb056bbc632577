using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace Platform.SharedState.Frames;

/// <summary>Writes a head: numbers of 8 bytes, little-endian; texts with 2 bytes of length before them.</summary>
internal ref struct FrameHeadWriter(Span<byte> target)
{
    /// <summary>Length of a text that is null.</summary>
    public const ushort None = ushort.MaxValue;

    private readonly Span<byte> target = target;

    public int Length { get; private set; }

    public void WriteLong(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(Room(sizeof(long)), value);
        Length += sizeof(long);
    }

    public void WriteText(string? text)
    {
        var room = Room(sizeof(ushort));
        var written = 0;
        if (text is not null && !Encoding.UTF8.TryGetBytes(text, room[sizeof(ushort)..], out written)) throw TooLong();
        BinaryPrimitives.WriteUInt16LittleEndian(room, text is null ? None : (ushort)written);
        Length += sizeof(ushort) + written;
    }

    public void WriteHeaders(ImmutableArray<FrameHeader> headers)
    {
        if (headers.Length > FrameFormat.MaxHeaders) throw TooLong();
        Room(1)[0] = (byte)headers.Length;
        Length++;
        foreach (var header in headers)
        {
            WriteText(header.Name);
            WriteText(header.Value);
        }
    }

    private readonly Span<byte> Room(int bytes) => target.Length - Length >= bytes ? target[Length..] : throw TooLong();

    private static FrameException TooLong() => new($"What stands beside the body takes more than {FrameFormat.MaxHeadBytes} bytes.");
}
