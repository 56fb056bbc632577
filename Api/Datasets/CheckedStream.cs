using Platform.Core.Models.Datasets;

namespace Platform.Api.Datasets;

/// <summary>Passes a file on while it is looked at, so that nothing of a bad one is kept.</summary>
internal sealed class CheckedStream(Stream source, IRowCheck check, long maxBytes) : Stream
{
    private long total;
    private bool isComplete;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => total;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await source.ReadAsync(buffer, cancellationToken);
        if ((total += read) > maxBytes) throw new DatasetException($"it has more than {maxBytes} bytes");
        check.Append(buffer.Span[..read]);
        if (read == 0 && !isComplete) check.Complete();
        isComplete |= read == 0;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
