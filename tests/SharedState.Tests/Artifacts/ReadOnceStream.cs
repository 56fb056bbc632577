namespace Platform.SharedState.Tests.Artifacts;

/// <summary>A stream as a request's body is one: read once, forwards, of unknown length.</summary>
internal abstract class ReadOnceStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public abstract override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }
}

/// <summary>An upload that gives so many bytes, and then no more although it is not at its end.</summary>
internal sealed class BrokenStream(int after) : ReadOnceStream
{
    private int given;

    /// <summary>What happens at the break, before the read fails.</summary>
    public Action Broken { get; init; } = () => { };

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (given == after) Broken();
        cancellationToken.ThrowIfCancellationRequested();
        if (given == after) throw new EndOfStreamException("The connection broke.");
        var length = Math.Min(buffer.Length, after - given);
        given += length;
        return ValueTask.FromResult(length);
    }
}
