using System.Runtime.InteropServices;

namespace Platform.Worker.Tensors;

/// <summary>Memory at a fixed address, given back to its pool when it is disposed.</summary>
internal sealed class PinnedBuffer : IDisposable
{
    /// <summary>What vectorised kernels like best; the first aligned byte is at <see cref="AlignedStart"/>.</summary>
    public const int Alignment = 64;

    private readonly PinnedPool pool;
    private readonly byte[] array;
    private readonly nint address;
    private int isReturned;

    internal PinnedBuffer(PinnedPool pool, int bytes)
    {
        this.pool = pool;
        array = GC.AllocateUninitializedArray<byte>(bytes, pinned: true);
        address = Marshal.UnsafeAddrOfPinnedArrayElement(array, 0);
    }

    public int Capacity => array.Length;

    public int AlignedStart => (int)(-address & (Alignment - 1));

    public Span<byte> Span => array;

    public Memory<byte> Memory => array;

    public nint AddressOf(int offset) => address + offset;

    public void Dispose()
    {
        // Given back twice it would be lent to two requests at once.
        if (Interlocked.Exchange(ref isReturned, 1) == 0) pool.Return(this);
    }

    internal void Reopen() => isReturned = 0;
}
