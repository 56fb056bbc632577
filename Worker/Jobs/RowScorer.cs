using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Platform.Core.Batching;
using Platform.Formats;
using Platform.Worker.Onnx;
using Platform.Worker.Serving;

namespace Platform.Worker.Jobs;

/// <summary>Scores rows in their order, with so many runs under way that no executor waits for the next one.</summary>
internal sealed class RowScorer(
    IBackgroundRuns runs, JobPace pace, IOptions<ServingOptions> serving, IOptions<JobWorkOptions> options, TimeProvider clock)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);
    private readonly int window = serving.Value.EffectiveExecutors + 1;
    private long perRowTicks;

    /// <summary>Each row with its outputs in place of its inputs, or with a fault.</summary>
    public async IAsyncEnumerable<InputRow> ScoreAsync(
        IReadOnlyList<InputRow> rows, ServedVersion version, int? batchSize, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var most = BatchSize(version, batchSize);
        var running = new Queue<Task<InputRow[]>>();
        var at = 0;
        try
        {
            while (at < rows.Count || running.Count > 0)
            {
                while (at < rows.Count && running.Count < (pace.IsLive ? 1 : window))
                {
                    var batch = Gather(rows, at, pace.RowsOfRun(TimeSpan.FromTicks(Volatile.Read(ref perRowTicks)), most));
                    at += batch.Length;
                    running.Enqueue(Task.Run(() => TakeTurnAsync(batch, version, cancellation), cancellation));
                }

                foreach (var row in await running.Dequeue()) yield return row;
            }
        }
        finally
        {
            // Runs that are under way read memory of ours; what they come to is told, or of no interest any more.
            await Task.WhenAll(running).ContinueWith(static done => done.Exception, TaskScheduler.Default);
        }
    }

    /// <summary>The largest batch that the deployment allows, unless the job asks for a smaller one.</summary>
    private static int BatchSize(ServedVersion version, int? asked)
    {
        if (version.Profile.Safety != BatchSafety.Safe || !version.Model.Interface.IsBatched) return 1;
        var most = version.Profile.LimitsFor(version.Config).MaxSize;
        return Math.Min(asked ?? most, most);
    }

    private InputRow[] Gather(IReadOnlyList<InputRow> rows, int first, int most)
    {
        if (rows[first].Fault is not null) return [rows[first]];
        var (count, bytes) = (1, BytesOf(rows[first]));
        for (; count < most && first + count < rows.Count; count++)
        {
            var next = rows[first + count];
            if (next.Fault is not null || !RowBatch.Share(rows[first], next) || (bytes += BytesOf(next)) > options.Value.MaxRunBytes) break;
        }

        return [.. Enumerable.Range(first, count).Select(i => rows[i])];
    }

    private static long BytesOf(InputRow row) => row.Tensors.Sum(tensor => (long)tensor.Data.Length);

    private async Task<InputRow[]> TakeTurnAsync(InputRow[] rows, ServedVersion version, CancellationToken cancellation)
    {
        using var turn = await pace.BeginAsync(cancellation);
        return await RunAsync(rows, version, cancellation);
    }

    private async Task<InputRow[]> RunAsync(InputRow[] rows, ServedVersion version, CancellationToken cancellation)
    {
        if (rows is [{ Fault: not null }]) return rows;
        using var batch = RowBatch.Of(version.Model.Interface, rows);
        try
        {
            using var run = await RunAsync(batch, version, rows.Length, cancellation);
            Learn(run.Computed / rows.Length);
            var isClear = version.Model.Interface.IsBatched && RowBatch.HasItemEach(run.Outputs, rows.Length);
            if (isClear || rows.Length == 1) return [.. rows.Select((row, i) => RowBatch.TakeRow(run.Outputs, row.Number, i, isClear))];
        }
        catch (ModelRunException e) when (rows.Length == 1)
        {
            return [rows[0] with { Tensors = [], Fault = new RowFault(e.RefusedInputs ? $"The model refused the inputs: {e.Message}" : $"The model failed: {e.Message}", null) }];
        }
        catch (ModelRunException)
        {
            // What one row did to the model must not be the others' fault.
        }

        var alone = new InputRow[rows.Length];
        for (var i = 0; i < rows.Length; i++) alone[i] = (await RunAsync([rows[i]], version, cancellation))[0];
        return alone;
    }

    private async Task<BackgroundRun> RunAsync(RowBatch batch, ServedVersion version, int items, CancellationToken cancellation)
    {
        while (true)
        {
            if (await runs.TryRunAsync(version, batch.Inputs, items, cancellation) is { } run) return run;
            await Task.Delay(RetryDelay, clock, cancellation);
        }
    }

    /// <summary>An average that follows within a few runs.</summary>
    private void Learn(TimeSpan perRow)
    {
        var before = Volatile.Read(ref perRowTicks);
        Volatile.Write(ref perRowTicks, before == 0 ? perRow.Ticks : ((3 * before) + perRow.Ticks) / 4);
    }
}
