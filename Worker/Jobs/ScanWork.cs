using System.Buffers;
using Microsoft.Extensions.Options;
using Platform.Core.Jobs;
using Platform.Formats;
using Platform.SharedState.Jobs;

namespace Platform.Worker.Jobs;

/// <summary>
/// Reads an input once, row by row, and cuts it into shards that others score meanwhile. Read again after a crash it is
/// cut the same way, and what is there already is not written again.
/// </summary>
internal sealed class ScanWork(JobFiles files, JobBook book, InputSource source, JobPace pace, IOptions<JobWorkOptions> options)
{
    public async Task DoAsync(WorkOrder order, CancellationToken cancellation)
    {
        try
        {
            await ReadAsync(order, cancellation);
        }
        catch (InputFormatException e)
        {
            await book.FailAsync(order.Id, new JobFault(JobReason.InputInvalid, e.Message, e.Row, e.Column));
        }
    }

    private async Task ReadAsync(WorkOrder order, CancellationToken cancellation)
    {
        await using var input = await source.OpenAsync(order, cancellation);
        var limits = FormatLimits.Default with { MaxRowBytes = options.Value.MaxRowBytes, MaxColumns = options.Value.MaxColumns };
        await using var reader = RowReaders.Open(order.Format, input, order.Version.Signature, limits);
        var cut = new ShardCut(order.Shards);
        var (filled, next, decoded) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>(), 0L);
        using var breather = pace.Breathe();
        await foreach (var row in reader.ReadAsync(cancellation))
        {
            next.ResetWrittenCount();
            var bytes = RowFile.Write(next, row);
            if ((decoded += bytes) > options.Value.MaxDecodedBytes) throw TooMuch(row.Number);
            if (cut.EndsBefore(bytes) && !await EndShardAsync(order, cut, filled, cancellation)) return;
            cut.Add(bytes);
            filled.Write(next.WrittenSpan);
            await breather.BeforeRowAsync(cancellation);
        }

        if (cut.Rows > 0 && !await EndShardAsync(order, cut, filled, cancellation)) return;
        if (cut.First == 0) throw new InputFormatException("The input has no rows.", "Send at least one.");
        await book.EndScanAsync(order.Id, cut.First);
    }

    private InputFormatException TooMuch(long row) => new(
        $"With this row the rows take more than {options.Value.MaxDecodedBytes} bytes as tensors (Jobs:MaxDecodedBytes).", "Send them as several jobs.", row);

    /// <summary>False when the job is over, so that nobody wants the rest.</summary>
    private async Task<bool> EndShardAsync(WorkOrder order, ShardCut cut, ArrayBufferWriter<byte> filled, CancellationToken cancellation)
    {
        if (await book.ShardAsync(order.Id, cut.Number) is null)
        {
            var shard = new JobShard(cut.Number, cut.First, cut.Rows, JobFiles.NewShard(order.Id, cut.Number));
            using var content = new MemoryStream(filled.WrittenMemory.ToArray(), writable: false);
            await files.WriteAsync(shard.File, content, cancellation, isLasting: false);
            var told = await book.AddShardAsync(order, shard);
            if (told is not Telling.Taken) await files.DeleteAsync(shard.File, CancellationToken.None);
            if (told is Telling.Closed) return false;
        }

        filled.ResetWrittenCount();
        cut.Next();
        return true;
    }
}
