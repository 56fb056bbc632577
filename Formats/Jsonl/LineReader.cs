using System.Buffers;

namespace Platform.Formats.Jsonl;

/// <summary>Lines of a stream, holding no more than the longest allowed.</summary>
internal sealed class LineReader(Stream input, int maxBytes) : IDisposable
{
    private const int StartBytes = 64 << 10;

    private byte[] buffer = ArrayPool<byte>.Shared.Rent(StartBytes);
    private int start;
    private int end;
    private int searched;
    private bool isEnded;

    /// <summary>Bytes of the lines that were read, ends included: where the next one begins.</summary>
    public long Position { get; private set; }

    /// <summary>The next line without its end; null after the last. Valid until the next call.</summary>
    /// <returns><see langword="false"/> in IsWhole where the line is longer than allowed.</returns>
    public async ValueTask<(ReadOnlyMemory<byte> Bytes, bool IsWhole)?> ReadAsync(CancellationToken ct)
    {
        while (true)
        {
            var length = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (length >= 0) return Take(searched + length, 1);
            searched = end;
            if (end - start > maxBytes) return (default, false);
            if (isEnded) return start == end ? null : Take(end, 0);
            await FillAsync(ct);
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        (start, end, searched) = (0, 0, 0);
    }

    private (ReadOnlyMemory<byte> Bytes, bool IsWhole) Take(int lineEnd, int breakBytes)
    {
        var line = buffer.AsMemory(start, lineEnd - start);
        Position += lineEnd + breakBytes - start;
        start = searched = lineEnd + breakBytes;
        return line.Length > maxBytes ? (default, false) : (line, true);
    }

    private async ValueTask FillAsync(CancellationToken ct)
    {
        if (end == buffer.Length) MakeRoom();
        var read = await input.ReadAsync(buffer.AsMemory(end), ct);
        isEnded = read == 0;
        end += read;
    }

    private void MakeRoom()
    {
        var held = end - start;
        var target = held > buffer.Length / 2 ? ArrayPool<byte>.Shared.Rent(buffer.Length * 2) : buffer;
        buffer.AsSpan(start, held).CopyTo(target);
        if (target != buffer) ArrayPool<byte>.Shared.Return(buffer);
        buffer = target;
        (searched, start, end) = (searched - start, 0, held);
    }
}
