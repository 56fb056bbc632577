using System.Buffers;
using System.Text.Json;
using Platform.Core;
using Platform.Core.Jobs;
using Platform.Formats;
using Platform.SharedState.Jobs;
using Platform.Worker.Serving;

namespace Platform.Worker.Jobs;

/// <summary>Scores one shard. Its files have names of their own and count once the result is told, which only one attempt can.</summary>
internal sealed class ShardWork(JobFiles files, JobBook book, RowScorer scorer)
{
    /// <summary>Results are handed on in pieces of about this size.</summary>
    private const int WriteBytes = 64 << 10;
    private static readonly byte[] NewLine = [(byte)'\n'];

    public async Task DoAsync(WorkOrder order, JobShard shard, ServedVersion version, CancellationToken cancellation)
    {
        var result = await ScoreAsync(order, shard, version, cancellation);
        if (await book.CommitAsync(order.Id, result) is Telling.Taken) return;
        // Another attempt was first, or the job is over.
        if (result.Results is { } results) await files.DeleteAsync(results, CancellationToken.None);
        if (result.Errors is { } errors) await files.DeleteAsync(errors, CancellationToken.None);
    }

    private async Task<ShardResult> ScoreAsync(WorkOrder order, JobShard shard, ServedVersion version, CancellationToken cancellation)
    {
        var rows = await ReadAsync(shard.File, cancellation);
        await using var results = files.Create(JobFiles.NewResults(order.Id, shard.Number), isLasting: false);
        using var errors = new MemoryStream();
        var (done, failed) = (0, 0);
        var buffer = new ArrayBufferWriter<byte>();
        await foreach (var row in scorer.ScoreAsync(rows, version, order.BatchSize, cancellation))
        {
            if (row.Fault is { } fault)
            {
                failed++;
                JsonSerializer.Serialize(errors, new RowError(row.Number, fault.Column, fault.Reason), PlatformJson.Options);
                errors.Write(NewLine);
                continue;
            }

            done++;
            RowFile.Write(buffer, row);
            if (buffer.WrittenCount < WriteBytes) continue;
            await results.Stream.WriteAsync(buffer.WrittenMemory, cancellation);
            buffer.ResetWrittenCount();
        }

        await results.Stream.WriteAsync(buffer.WrittenMemory, cancellation);
        if (done > 0) await results.CompleteAsync();
        var errorFile = failed > 0 ? JobFiles.NewErrors(order.Id, shard.Number) : null;
        errors.Position = 0;
        if (errorFile is not null) await files.WriteAsync(errorFile, errors, cancellation);
        return new(shard.Number, shard.First, shard.Rows, done, failed, done > 0 ? results.Name : null, errorFile);
    }

    private async Task<List<InputRow>> ReadAsync(string file, CancellationToken cancellation)
    {
        await using var stream = await files.OpenAsync(file, cancellation);
        var rows = new List<InputRow>();
        await foreach (var row in RowFile.ReadAsync(stream, cancellation)) rows.Add(row);
        return rows;
    }
}
