using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;
using Tsavorite.core;

namespace Platform.AppHost.Garnet;

/// <summary>
/// Garnet's files behind the operating system's buffers. A write is done when the call returns, so whoever waits for its
/// commit goes on at once; Garnet's own devices hand every commit from thread to thread and to the disk.
/// </summary>
internal sealed class BufferedDevice(string path) : StorageDeviceBase(path, SectorBytes, Devices.CAPACITY_UNSPECIFIED)
{
    public const uint SectorBytes = 512;
    private readonly ConcurrentDictionary<int, Lazy<SafeFileHandle>> segments = new();

    public override unsafe void WriteAsync(
        IntPtr source, int segment, ulong offset, uint length, DeviceIOCompletionCallback callback, object context)
    {
        HandleCapacity(segment);
        IOException? error = null;
        try
        {
            RandomAccess.Write(Handle(segment), new ReadOnlySpan<byte>((void*)source, (int)length), (long)offset);
        }
        catch (Exception e) when (IsOfTheFile(e))
        {
            // Garnet fails the commit, and with it the command that waits for it.
            error = AsIO(e);
        }

        callback(Code(error), error is null ? length : 0, context, error);
    }

    public override unsafe void ReadAsync(
        int segment, ulong offset, IntPtr target, uint length, DeviceIOCompletionCallback callback, object context) =>
        // Not on the caller's stack: what a read finds may ask for the next one.
        ThreadPool.UnsafeQueueUserWorkItem(
            _ =>
            {
                var (error, read) = ((IOException?)null, 0);
                try
                {
                    read = RandomAccess.Read(Handle(segment), new Span<byte>((void*)target, (int)length), (long)offset);
                }
                catch (Exception e) when (IsOfTheFile(e))
                {
                    error = AsIO(e);
                }

                callback(Code(error), (uint)read, context, error);
            },
            null);

    public override void RemoveSegment(int segment)
    {
        Close(segment);
        File.Delete(PathOf(segment));
    }

    public override void RemoveSegmentAsync(int segment, AsyncCallback callback, IAsyncResult result)
    {
        RemoveSegment(segment);
        callback(result);
    }

    public override long GetFileSize(int segment) => SegmentSize > 0 ? SegmentSize : RandomAccess.GetLength(Handle(segment));

    public override void Reset()
    {
        foreach (var segment in segments.Keys) Close(segment);
    }

    public override void Dispose() => Reset();

    /// <summary>A segment may have been removed and closed in the meantime.</summary>
    private static bool IsOfTheFile(Exception error) => error is IOException or UnauthorizedAccessException or ObjectDisposedException;

    private static IOException AsIO(Exception error) => error as IOException ?? new IOException(error.Message, error);

    private static uint Code(IOException? error) => error is null ? 0 : (uint)(error.HResult & 0xFFFF);

    private void Close(int segment)
    {
        if (segments.TryRemove(segment, out var handle)) handle.Value.Dispose();
    }

    private SafeFileHandle Handle(int segment) => segments.GetOrAdd(segment, _ => new(() => File.OpenHandle(
        PathOf(segment), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))).Value;

    private string PathOf(int segment) => OmitSegmentIdFromFileName ? FileName : $"{FileName}.{segment}";
}
