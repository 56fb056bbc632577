using System.Buffers;
using System.Runtime.InteropServices;
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
        var cut = new ShardCut(order.Shards);
        var rows = source.CanSeek(order)
            ? await RowLocators.OpenAsync(order.Format, input, order.Version.Signature, options.Value.FormatLimits, cancellation)
            : null;
        var isWanted = rows is null ? await DecodeAsync(order, input, cut, cancellation) : await LocateAsync(order, rows, cut, cancellation);
        if (!isWanted) return;
        if (cut.First == 0) throw new InputFormatException("The input has no rows.", "Send at least one.");
        await book.EndScanAsync(order.Id, cut.First);
    }

    /// <summary>Says only where the rows of each shard lie: who scores them reads them, so that many read at a time. False when the job is over.</summary>
    private async Task<bool> LocateAsync(WorkOrder order, IRowLocator rows, ShardCut cut, CancellationToken cancellation)
    {
        await using var disposing = rows;
        using var breather = pace.Breathe();
        var offset = 0L;
        await foreach (var row in rows.FindAsync(cancellation))
        {
            if (cut.EndsBefore(row.Bytes) && !await EndShardAsync(order, cut, offset)) return false;
            if (cut.Rows == 0) offset = row.Offset;
            cut.Add(row.Bytes);
            await breather.BeforeRowAsync(cancellation);
        }

        return cut.Rows == 0 || await EndShardAsync(order, cut, offset);
    }

    /// <summary>Reads the rows and puts those of each shard into a file as tensors. False when the job is over.</summary>
    private async Task<bool> DecodeAsync(WorkOrder order, Stream input, ShardCut cut, CancellationToken cancellation)
    {
        await using var reader = RowReaders.Open(order.Format, input, order.Version.Signature, options.Value.FormatLimits);
        var (filled, next, decoded) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>(), 0L);
        using var breather = pace.Breathe();
        await foreach (var row in reader.ReadAsync(cancellation))
        {
            next.ResetWrittenCount();
            var bytes = RowFile.Write(next, row);
            if ((decoded += bytes) > options.Value.MaxDecodedBytes) throw TooMuch(row.Number);
            if (cut.EndsBefore(bytes) && !await EndShardAsync(order, cut, filled, cancellation)) return false;
            cut.Add(bytes);
            filled.Write(next.WrittenSpan);
            await breather.BeforeRowAsync(cancellation);
        }

        return cut.Rows == 0 || await EndShardAsync(order, cut, filled, cancellation);
    }

    private InputFormatException TooMuch(long row) => new(
        $"With this row the rows take more than {options.Value.MaxDecodedBytes} bytes as tensors (Jobs:MaxDecodedBytes).", "Send them as several jobs.", row);

    private async Task<bool> EndShardAsync(WorkOrder order, ShardCut cut, long offset)
    {
        if (await book.ShardAsync(order.Id, cut.Number) is null
            && await book.AddShardAsync(order, new JobShard(cut.Number, cut.First, cut.Rows, null, offset)) is Telling.Closed) return false;
        cut.Next();
        return true;
    }

    /// <summary>False when the job is over, so that nobody wants the rest.</summary>
    private async Task<bool> EndShardAsync(WorkOrder order, ShardCut cut, ArrayBufferWriter<byte> filled, CancellationToken cancellation)
    {
        if (await book.ShardAsync(order.Id, cut.Number) is null)
        {
            var file = JobFiles.NewShard(order.Id, cut.Number);
            // Where it lies: megabytes copied for each shard would be garbage that requests wait for.
            MemoryMarshal.TryGetArray(filled.WrittenMemory, out var rows);
            using var content = new MemoryStream(rows.Array!, rows.Offset, rows.Count, writable: false);
            await files.WriteAsync(file, content, cancellation, isLasting: false);
            var told = await book.AddShardAsync(order, new JobShard(cut.Number, cut.First, cut.Rows, file));
            if (told is not Telling.Taken) await files.DeleteAsync(file, CancellationToken.None);
            if (told is Telling.Closed) return false;
        }

        filled.ResetWrittenCount();
        cut.Next();
        return true;
    }
}
