namespace Platform.SharedState.Jobs;

/// <summary>A part of a job's input: a file, and which bytes of the input it holds.</summary>
public sealed record JobSegment(long Offset, long Length, string File);

/// <summary>
/// The parts of an input as one stream that can be read from anywhere. Where the store cannot seek, going back within a
/// file begins it anew, so that who jumps pays for the file's beginning.
/// </summary>
public sealed class SegmentStream(JobFiles files, IReadOnlyList<JobSegment> segments) : Stream
{
    private readonly long length = segments.Count == 0 ? 0 : segments[^1].Offset + segments[^1].Length;
    private long position;
    private Stream? open;
    private int openIndex = -1;
    private long openPosition;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get => position; set => Seek(value, SeekOrigin.Begin); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0 || position >= length) return 0;
        await AlignAsync(cancellationToken);
        var read = await open!.ReadAsync(buffer, cancellationToken);
        position += read;
        openPosition += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin)
    {
        var target = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => position + offset, _ => length + offset };
        ArgumentOutOfRangeException.ThrowIfNegative(target, nameof(offset));
        return position = target;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        if (open is not null) await open.DisposeAsync();
        await base.DisposeAsync();
    }

    /// <summary>Opens the file that holds the position, and reads up to it.</summary>
    private async Task AlignAsync(CancellationToken cancellation)
    {
        if (open is not null && openPosition == position && position < segments[openIndex].Offset + segments[openIndex].Length) return;
        var index = IndexOf(position);
        if (open is null || index != openIndex || (openPosition > position && !open.CanSeek))
        {
            if (open is not null) await open.DisposeAsync();
            open = null;
            open = await files.OpenAsync(segments[index].File, cancellation);
            (openIndex, openPosition) = (index, segments[index].Offset);
        }

        if (open.CanSeek)
        {
            open.Position = position - segments[index].Offset;
            openPosition = position;
            return;
        }

        var skipped = new byte[64 * 1024];
        while (openPosition < position)
        {
            var count = await open.ReadAsync(skipped.AsMemory(0, (int)Math.Min(skipped.Length, position - openPosition)), cancellation);
            if (count == 0) throw new InvalidDataException("A part of the input is shorter than it was when it came.");
            openPosition += count;
        }
    }

    private int IndexOf(long offset)
    {
        var (low, high) = (0, segments.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (segments[middle].Offset <= offset) low = middle;
            else high = middle - 1;
        }

        return low;
    }
}
