using System.Security.Cryptography;

namespace Platform.Api.Audit;

/// <summary>A request's body that takes its own digest while it is read, whatever its length.</summary>
internal sealed class HashedBody(Stream inner, long? declared) : Stream
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private bool isEnded;
    private long read;

    /// <summary>SHA-256 in hexadecimal, once the body was read to its end; null for one that has no byte or was not.</summary>
    public string? Digest { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken);
        Take(buffer.Span[..count], isEnd: count == 0 && buffer.Length > 0);
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        var taken = inner.Read(buffer, offset, count);
        Take(buffer.AsSpan(offset, taken), isEnd: taken == 0 && count > 0);
        return taken;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) hash.Dispose();
        base.Dispose(disposing);
    }

    private void Take(ReadOnlySpan<byte> bytes, bool isEnd)
    {
        read += bytes.Length;
        hash.AppendData(bytes);
        // Who knows the length need not read on to see the end.
        if ((!isEnd && read != declared) || isEnded) return;
        isEnded = true;
        if (read > 0) Digest = Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
