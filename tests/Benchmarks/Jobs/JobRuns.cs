using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Platform.Core.Jobs;
using Platform.Core.Serving;
using Platform.SharedState.Jobs;

namespace Platform.Benchmarks.Jobs;

/// <summary>Jobs on the worker of this process, without the silo that would drive them.</summary>
internal sealed class JobRuns(WorkerUnderTest worker, PlacedVersion version)
{
    private const int Pixels = 28 * 28;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);
    private readonly JobBook book = worker.Services.GetRequiredService<JobBook>();
    private readonly JobFiles files = worker.Services.GetRequiredService<JobFiles>();
    private readonly JobInputStore inputs = worker.Services.GetRequiredService<JobInputStore>();

    /// <summary>Rows as MNIST has them.</summary>
    public static byte[] Idx(int rows)
    {
        var file = new byte[16 + (rows * Pixels)];
        new Random(1).NextBytes(file);
        foreach (var (at, number) in (ReadOnlySpan<(int, int)>)[(0, 0x803), (4, rows), (8, 28), (12, 28)])
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(at), number);
        return file;
    }

    /// <summary>The same as text.</summary>
    public static byte[] Jsonl(int rows)
    {
        var random = new Random(1);
        var line = Encoding.UTF8.GetBytes(
            $"{{\"image\":[{string.Join(',', Enumerable.Range(0, Pixels).Select(_ => (random.Next(256) / 255f).ToString("R", CultureInfo.InvariantCulture)))}]}}\n");
        return [.. Enumerable.Repeat(line, rows).SelectMany(one => one)];
    }

    /// <summary>Uploads rows and puts them before the worker.</summary>
    public async Task<WorkOrder> BeginAsync(string format, byte[] rows, int batch)
    {
        var order = new WorkOrder(
            Guid.NewGuid().ToString("n"), "digits", version, format, "jsonl", batch, 5, DateTimeOffset.UnixEpoch, null, new ShardSize(1_000, 8 << 20));
        var (turn, _, _) = await inputs.BeginAsync(order.Id, null);
        var at = 0L;
        foreach (var piece in rows.Chunk(8 << 20))
        {
            var file = JobFiles.NewSegment(order.Id, at);
            using var content = new MemoryStream(piece);
            await files.WriteAsync(file, content, CancellationToken.None);
            await inputs.AppendAsync(turn!, new JobSegment(at, piece.Length, file));
            at += piece.Length;
        }

        await inputs.CompleteAsync(turn!);
        return order;
    }

    public Task OpenAsync(WorkOrder order) => book.OpenAsync(order);

    /// <summary>From the moment that the input is before the worker until the output is there, in seconds.</summary>
    public async Task<double> MeasureAsync(WorkOrder order)
    {
        var started = Stopwatch.GetTimestamp();
        await book.OpenAsync(order);
        using var timer = new PeriodicTimer(Poll);
        while (true)
        {
            var progress = (await book.ProgressAsync(order.Id))!;
            if (progress.Fault is { } fault) throw new InvalidOperationException(fault.Detail);
            if (progress.Output is not null) break;
            if (progress.AllShardsDone) await book.OfferFinishAsync(order);
            await timer.WaitForNextTickAsync();
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await EndAsync(order);
        return seconds;
    }

    /// <summary>Ends it wherever it is, and says how many rows were settled.</summary>
    public async Task<long> EndAsync(WorkOrder order)
    {
        var progress = await book.ProgressAsync(order.Id);
        await book.CloseAsync(order.Id);
        await book.ForgetAsync(order.Id);
        await files.DeleteAllAsync(order.Id, CancellationToken.None);
        return progress?.RowsSettled ?? 0;
    }
}
