using Platform.Core.Jobs;
using Platform.Formats;
using Platform.SharedState.Jobs;

namespace Platform.Worker.Jobs;

/// <summary>Puts the results together in the order of the input, in the format that was asked for.</summary>
internal sealed class FinishWork(JobFiles files, JobBook book, JobPace pace)
{
    public async Task DoAsync(WorkOrder order, CancellationToken cancellation)
    {
        await using var output = files.Create(JobFiles.NewOutput(order.Id));
        await using (var writer = RowWriters.Open(order.OutputFormat, output.Stream, order.Version.Signature))
        {
            using var breather = pace.Breathe();
            foreach (var result in await book.ResultsAsync(order.Id))
            {
                if (result.Results is not { } file) continue;
                if (result.Format is null) await CopyAsync(file, order.Version.Version, writer, breather, cancellation);
                else await JoinAsync(file, writer, output.Stream, breather, cancellation);
            }

            await writer.CompleteAsync(cancellation);
        }

        var bytes = await output.CompleteAsync();
        if (await book.EndFinishAsync(order.Id, output.Name, bytes) is not Telling.Taken) await files.DeleteAsync(output.Name, CancellationToken.None);
    }

    private async Task JoinAsync(string file, IRowWriter writer, Stream output, JobPace.Breather breather, CancellationToken cancellation)
    {
        // What came from tensors, of a shard that another release scored, stands before it.
        await writer.CompleteAsync(cancellation);
        await using var stream = await files.OpenAsync(file, cancellation);
        await breather.BeforeRowAsync(cancellation);
        await stream.CopyToAsync(output, cancellation);
    }

    private async Task CopyAsync(string file, string version, IRowWriter writer, JobPace.Breather breather, CancellationToken cancellation)
    {
        await using var stream = await files.OpenAsync(file, cancellation);
        await foreach (var row in RowFile.ReadAsync(stream, cancellation))
        {
            await breather.BeforeRowAsync(cancellation);
            await writer.WriteAsync(new OutputRow(row.Number, version, row.Tensors), cancellation);
        }
    }
}
