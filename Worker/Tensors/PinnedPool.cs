using System.Collections.Concurrent;
using System.Numerics;

namespace Platform.Worker.Tensors;

/// <summary>
/// Buffers that the garbage collector never moves, so that native code may read them, kept for the next request.
/// Sizes are powers of two; what is kept is bounded, and the rest goes back to the garbage collector.
/// </summary>
internal sealed class PinnedPool(long maxRetainedBytes = PinnedPool.DefaultMaxRetainedBytes)
{
    public const long DefaultMaxRetainedBytes = 128 << 20;
    private const int SmallestBits = 12;
    private const int LargestBits = 27;
    private readonly ConcurrentQueue<PinnedBuffer>[] buckets =
        [.. Enumerable.Range(SmallestBits, LargestBits - SmallestBits + 1).Select(_ => new ConcurrentQueue<PinnedBuffer>())];

    private long retainedBytes;

    public static PinnedPool Shared { get; } = new();

    public long RetainedBytes => Interlocked.Read(ref retainedBytes);

    /// <summary>A buffer of at least that many bytes, with old content in it.</summary>
    public PinnedBuffer Rent(int minBytes)
    {
        var bits = Math.Max(SmallestBits, BitOperations.Log2((uint)Math.Max(minBytes, 1) - 1) + 1);
        if (bits > LargestBits) return new PinnedBuffer(this, minBytes);
        if (!buckets[bits - SmallestBits].TryDequeue(out var buffer)) return new PinnedBuffer(this, 1 << bits);
        Interlocked.Add(ref retainedBytes, -buffer.Capacity);
        buffer.Reopen();
        return buffer;
    }

    internal void Return(PinnedBuffer buffer)
    {
        var bits = BitOperations.Log2((uint)buffer.Capacity);
        if (bits > LargestBits || buffer.Capacity != 1 << bits) return;
        if (Interlocked.Add(ref retainedBytes, buffer.Capacity) > maxRetainedBytes) Interlocked.Add(ref retainedBytes, -buffer.Capacity);
        else buckets[bits - SmallestBits].Enqueue(buffer);
    }
}
