using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace Platform.SharedState.Frames;

/// <summary>Reads what <see cref="FrameHeadWriter"/> wrote, and trusts none of it.</summary>
internal ref struct FrameHeadReader(ReadOnlySpan<byte> source)
{
    private ReadOnlySpan<byte> rest = source;

    public static FrameException Malformed() => new("The head of a frame is malformed.");

    public long ReadLong() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public string? ReadText()
    {
        var length = BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)));
        return length == FrameHeadWriter.None ? null : length == 0 ? "" : Encoding.UTF8.GetString(Take(length));
    }

    public ImmutableArray<FrameHeader> ReadHeaders()
    {
        var count = Take(1)[0];
        if (count == 0) return [];
        if (count > FrameFormat.MaxHeaders) throw Malformed();
        var headers = ImmutableArray.CreateBuilder<FrameHeader>(count);
        for (var i = 0; i < count; i++) headers.Add(new(ReadText() ?? throw Malformed(), ReadText() ?? throw Malformed()));
        return headers.MoveToImmutable();
    }

    public readonly void End()
    {
        if (!rest.IsEmpty) throw Malformed();
    }

    private ReadOnlySpan<byte> Take(int bytes)
    {
        if (rest.Length < bytes) throw Malformed();
        var taken = rest[..bytes];
        rest = rest[bytes..];
        return taken;
    }
}
