using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Platform.Core.Jobs;
using Platform.Core.Models;
using Platform.Core.Serving;
using Platform.SharedState.Jobs;
using Platform.Tests;
using Platform.Worker.Jobs;
using Platform.Worker.Tests.Support;

namespace Platform.Worker.Tests.Jobs;

/// <summary>A worker that works on jobs, and what the silo and the Api do around it.</summary>
internal sealed class JobBench : IAsyncDisposable
{
    private readonly WorkerHost host;

    private JobBench(WorkerHost host) => this.host = host;

    public WorkerHost Host => host;

    public JobBook Book => host.Services.GetRequiredService<JobBook>();

    public JobFiles Files => host.Services.GetRequiredService<JobFiles>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<JobBench> StartAsync(RedisServer redis, params (string Key, string Value)[] settings) => new(await WorkerHost.StartAsync(
        services => services.AddSingleton(redis.Connection).AddJobs(), [("Jobs:PollPeriod", "00:00:00.020"), .. settings]));

    /// <summary>Loads a model of the test's own.</summary>
    public async Task<(string Model, PlacedVersion Version)> LoadAsync(byte[] bytes, DeploymentConfig? config = null)
    {
        var model = $"m-{Guid.NewGuid():n}";
        await host.LoadAsync(model, "1.0.0", bytes, config);
        return (model, await host.PlaceAsync("1.0.0", bytes, config));
    }

    public static WorkOrder Order(string model, PlacedVersion version, string format = "jsonl", string output = "jsonl", int? batch = null, int shardRows = 10, ArtifactInfo? source = null) =>
        new(Guid.NewGuid().ToString("n"), model, version, format, output, batch, 5, DateTimeOffset.UnixEpoch, source, new ShardSize(shardRows, 1 << 20));

    public Task<JobProgress> RunAsync(WorkOrder order, string rows) => RunAsync(order, Encoding.UTF8.GetBytes(rows));

    /// <summary>Uploads, waits for every row, asks for the output, and waits for that or for a fault.</summary>
    public async Task<JobProgress> RunAsync(WorkOrder order, byte[]? rows)
    {
        if (rows is not null) await UploadAsync(order.Id, rows);
        await Book.OpenAsync(order);
        var scored = await UntilAsync(order, progress => progress.AllShardsDone || progress.Fault is not null);
        if (scored.Fault is not null) return scored;
        await Book.OfferFinishAsync(order);
        return await UntilAsync(order, progress => progress.Output is not null || progress.Fault is not null);
    }

    public async Task<JobProgress> UntilAsync(WorkOrder order, Func<JobProgress, bool> holds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            if (await Book.ProgressAsync(order.Id) is { } progress && holds(progress)) return progress;
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    public async Task<byte[]> ReadAsync(string file)
    {
        await using var stream = await Files.OpenAsync(file, Cancellation);
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, Cancellation);
        return all.ToArray();
    }

    public async Task<string[]> LinesAsync(string file) => Encoding.UTF8.GetString(await ReadAsync(file)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Why rows failed, shard by shard.</summary>
    public async Task<string[]> ErrorsAsync(WorkOrder order)
    {
        var lines = new List<string>();
        foreach (var result in await Book.ResultsAsync(order.Id))
            if (result.Errors is { } file) lines.AddRange(await LinesAsync(file));
        return [.. lines];
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    private async Task UploadAsync(string job, byte[] rows)
    {
        var inputs = host.Services.GetRequiredService<JobInputStore>();
        var (turn, _, _) = await inputs.BeginAsync(job, null);
        var at = 0L;
        // In parts that end in the middle of a row.
        foreach (var piece in rows.Chunk(Math.Max(1, (rows.Length / 3) + 1)))
        {
            var file = JobFiles.NewSegment(job, at);
            using var content = new MemoryStream(piece);
            await Files.WriteAsync(file, content, Cancellation);
            await inputs.AppendAsync(turn!, new JobSegment(at, piece.Length, file));
            at += piece.Length;
        }

        await inputs.CompleteAsync(turn!);
    }
}
