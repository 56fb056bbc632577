using System.Buffers;
using Platform.Formats;

namespace Platform.Worker.Jobs;

/// <summary>Keeps outputs as tensors, for formats of which a file cannot be put together from parts.</summary>
internal sealed class RowFileWriter(Stream output) : IRowWriter
{
    private const int FlushBytes = 64 << 10;
    private readonly ArrayBufferWriter<byte> buffer = new();

    public ValueTask WriteAsync(OutputRow row, CancellationToken ct)
    {
        RowFile.Write(buffer, new InputRow(row.Number, row.Outputs, null));
        return buffer.WrittenCount < FlushBytes ? ValueTask.CompletedTask : CompleteAsync(ct);
    }

    public async ValueTask CompleteAsync(CancellationToken ct)
    {
        await output.WriteAsync(buffer.WrittenMemory, ct);
        buffer.ResetWrittenCount();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
