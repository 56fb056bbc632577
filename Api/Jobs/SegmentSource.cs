namespace Platform.Api.Jobs;

/// <summary>The next part of a body: as much of it as a segment holds.</summary>
/// <param name="cancellation">Ends the body; what was read of it is still written.</param>
internal sealed class SegmentSource(Stream body, long most, CancellationToken cancellation) : Stream
{
    /// <summary>Bytes that were read of it.</summary>
    public long Taken { get; private set; }

    /// <summary>Whether the body ended within it.</summary>
    public bool SawEnd { get; private set; }

    /// <summary>Why the body broke off within it; null while it did not.</summary>
    public Exception? Break { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var wanted = (int)Math.Min(buffer.Length, most - Taken);
        if (wanted == 0 || SawEnd || Break is not null) return 0;
        var count = await ReadBodyAsync(buffer[..wanted]);
        Taken += count;
        return count;
    }

    /// <summary>What came before a break is a segment like any other.</summary>
    private async ValueTask<int> ReadBodyAsync(Memory<byte> buffer)
    {
        try
        {
            var count = await body.ReadAsync(buffer, cancellation);
            SawEnd = count == 0;
            return count;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            Break = e;
            return 0;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
