using System.Buffers;

namespace Platform.Worker.Inference.Codec;

/// <summary>Bytes written one after another into pooled memory.</summary>
internal sealed class ByteWriter(int initialBytes) : IDisposable
{
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(initialBytes);

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => buffer.AsMemory(0, Length);

    /// <summary>Free room of at least that size; what was written there counts after <see cref="Advance"/>.</summary>
    public Span<byte> Room(int minBytes)
    {
        if (buffer.Length - Length < minBytes) Grow(minBytes);
        return buffer.AsSpan(Length);
    }

    public void Advance(int bytes) => Length += bytes;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    public void Write(byte value)
    {
        Room(1)[0] = value;
        Length++;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);

    private void Grow(int minBytes)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(Length + minBytes), (int)Math.Min(buffer.Length * 2L, Array.MaxLength)));
        buffer.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
