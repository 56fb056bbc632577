using System.Text.Json;
using Microsoft.Extensions.Options;
using Platform.Core;
using Platform.Core.Jobs;
using Platform.Formats;
using Platform.SharedState.Jobs;
using Platform.Worker.Serving;

namespace Platform.Worker.Jobs;

/// <summary>Scores one shard. Its files have names of their own and count once the result is told, which only one attempt can.</summary>
internal sealed class ShardWork(
    JobFiles files, JobBook book, InputSource source, RowScorer scorer, JobPace pace, IOptions<JobWorkOptions> options)
{
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
        var rows = await ReadAsync(order, shard, cancellation);
        var isJoined = RowWriters.CanJoin(order.OutputFormat);
        await using var results = files.Create(JobFiles.NewResults(order.Id, shard.Number), isLasting: false);
        await using IRowWriter writer = isJoined ? RowWriters.Open(order.OutputFormat, results.Stream, order.Version.Signature) : new RowFileWriter(results.Stream);
        using var errors = new MemoryStream();
        var (done, failed) = (0, 0);
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
            await writer.WriteAsync(new OutputRow(row.Number, order.Version.Version, row.Tensors), cancellation);
        }

        await writer.CompleteAsync(cancellation);
        if (done > 0) await results.CompleteAsync();
        var errorFile = failed > 0 ? JobFiles.NewErrors(order.Id, shard.Number) : null;
        errors.Position = 0;
        if (errorFile is not null) await files.WriteAsync(errorFile, errors, cancellation);
        return new(
            shard.Number, shard.First, shard.Rows, done, failed, done > 0 ? results.Name : null, errorFile, Format: isJoined ? order.OutputFormat : null);
    }

    private async Task<List<InputRow>> ReadAsync(WorkOrder order, JobShard shard, CancellationToken cancellation)
    {
        var all = new List<InputRow>(shard.Rows);
        if (shard.File is { } file)
        {
            await using var stream = await files.OpenAsync(file, cancellation);
            await foreach (var row in RowFile.ReadAsync(stream, cancellation)) all.Add(row);
            return all;
        }

        await using var input = await source.OpenAsync(order, cancellation);
        var part = new RowPart(shard.First, shard.Rows, shard.Offset!.Value);
        await using var reader = RowReaders.OpenPart(order.Format, input, part, order.Version.Signature, options.Value.FormatLimits);
        using var breather = pace.Breathe();
        await foreach (var row in reader.ReadAsync(cancellation))
        {
            all.Add(row);
            await breather.BeforeRowAsync(cancellation);
        }

        return all;
    }
}
