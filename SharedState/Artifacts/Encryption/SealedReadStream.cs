using Platform.SharedState.Artifacts.Blobs;

namespace Platform.SharedState.Artifacts.Encryption;

/// <summary>A stored file as the plain stream that it was; it can begin anywhere where the store can.</summary>
internal sealed class SealedReadStream(StoredBlob blob, KeyRing keys) : Stream
{
    private readonly SealedArtifact stored = new(blob.Content, blob.Length, keys);
    private readonly byte[] chunk = new byte[ArtifactFormat.ChunkBytes];
    private long position;
    private bool isMoved;
    private int at;
    private int length;

    public override bool CanRead => true;

    public override bool CanSeek => blob.Content.CanSeek;

    public override bool CanWrite => false;

    public override long Length => stored.SizeBytes;

    public override long Position { get => position; set => Seek(value, SeekOrigin.Begin); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0 || position >= Length) return 0;
        var skipped = isMoved ? await stored.SeekAsync(position, cancellationToken) : 0;
        if (isMoved || at == length) (at, length) = (skipped, await stored.ReadChunkAsync(chunk, cancellationToken));
        isMoved = false;
        var count = Math.Min(buffer.Length, length - at);
        chunk.AsSpan(at, count).CopyTo(buffer.Span);
        at += count;
        position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

    public override void Flush()
    {
    }

    /// <exception cref="NotSupportedException">The store cannot.</exception>
    public override long Seek(long offset, SeekOrigin origin)
    {
        if (!CanSeek) throw new NotSupportedException();
        var target = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => position + offset, _ => Length + offset };
        ArgumentOutOfRangeException.ThrowIfNegative(target, nameof(offset));
        isMoved |= target != position;
        return position = target;
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        stored.Dispose();
        await blob.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            stored.Dispose();
            blob.Content.Dispose();
        }

        base.Dispose(disposing);
    }
}
