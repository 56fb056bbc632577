namespace Platform.Formats.Parquet;

/// <summary>
/// The parts of a file that were brought into memory, under their positions in it. The library reads some of a file
/// byte by byte and not asynchronously; so it never touches the file itself, which may be far away.
/// </summary>
internal sealed class WindowStream(Stream file) : Stream
{
    private readonly List<(long Start, byte[] Bytes)> pinned = [];
    private (long Start, byte[] Bytes) moving = (0, []);

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; } = file.Length;

    public override long Position { get; set; }

    /// <summary>Why the file itself could not be read; null while it can, and what goes wrong is of its contents.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Keeps a part for good.</summary>
    public async ValueTask<byte[]> PinAsync(long start, int length, CancellationToken ct)
    {
        var bytes = await LoadAsync(start, length, ct);
        pinned.Add((start, bytes));
        return bytes;
    }

    /// <summary>Brings a part in the place of the one that was brought before.</summary>
    public async ValueTask<byte[]> MoveAsync(long start, int length, CancellationToken ct)
    {
        moving = (0, []);
        moving = (start, await LoadAsync(start, length, ct));
        return moving.Bytes;
    }

    public override int Read(Span<byte> buffer)
    {
        var (start, bytes) = Holds(moving) ? moving : pinned.Find(Holds);
        // An end would not do: some of the library's loops wait for a byte that ends them.
        if (bytes is null) throw new InvalidDataException($"what it says is at byte {Position} is not there");
        var offset = (int)(Position - start);
        var read = Math.Min(buffer.Length, bytes.Length - offset);
        bytes.AsSpan(offset, read).CopyTo(buffer);
        Position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(buffer.AsSpan(offset, count)));

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => Length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private bool Holds((long Start, byte[] Bytes) part) => Position >= part.Start && Position < part.Start + part.Bytes.Length;

    private async ValueTask<byte[]> LoadAsync(long start, int length, CancellationToken ct)
    {
        var bytes = new byte[length];
        try
        {
            file.Position = start;
            await file.ReadExactlyAsync(bytes, ct);
        }
        catch (Exception e)
        {
            Failure = e;
            throw;
        }

        return bytes;
    }
}
