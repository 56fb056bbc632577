using System.Collections.Immutable;
using Platform.Core.Jobs;
using Platform.Core.Models;
using Platform.Core.Serving;
using Platform.SharedState.Artifacts;
using Platform.SharedState.Jobs;
using Platform.Tests;

namespace Platform.SharedState.Tests.Jobs;

/// <summary>The stores of jobs over a Redis and a folder of the test's own, and a job in them.</summary>
internal sealed class JobStage : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("platform-jobs-");
    private readonly SealedFiles sealedFiles;
    private readonly RedisServer redis;

    public JobStage(RedisServer redis)
    {
        this.redis = redis;
        // A look takes so many leases at a time; those that earlier tests left are not this one's.
        redis.Connection.GetDatabase().KeyDelete(Keys.JobLeases);
        sealedFiles = new SealedFiles(new ArtifactOptions { Folder = folder.FullName, PlatformKey = "a-platform-key-of-the-job-tests-0123456789" });
        Files = new JobFiles(sealedFiles);
        Book = new JobBook(redis.Connection, Seal);
        Line = new WorkLine(redis.Connection, Book);
        Inputs = new JobInputStore(redis.Connection);
        Order = NewOrder();
    }

    public static DateTimeOffset Now { get; } = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    public JobSeal Seal { get; } = new(SealedStores.TestSeal, TimeProvider.System);

    public JobFiles Files { get; }

    public JobBook Book { get; }

    public WorkLine Line { get; }

    public JobInputStore Inputs { get; }

    public WorkOrder Order { get; }

    public string Queue => WorkQueues.Of(Order);

    /// <summary>Every file that is left in the folder.</summary>
    public IReadOnlyList<string> Left => [.. folder.EnumerateFiles("*", SearchOption.AllDirectories).Select(file => file.FullName)];

    /// <summary>A job of a model of its own, so that its shards wait in a queue of its own.</summary>
    public static WorkOrder NewOrder(int priority = 5, int ageSeconds = 0, string? model = null) => new(
        Guid.NewGuid().ToString("n"), model ?? $"m-{Guid.NewGuid():n}",
        new PlacedVersion(
            "1.0.0", new ArtifactInfo(1, new('a', 64), true, null),
            new ModelSignature([], [], "", ImmutableDictionary<string, long>.Empty, ImmutableDictionary<string, string>.Empty), new DeploymentConfig()),
        "jsonl", "jsonl", null, priority, Now.AddSeconds(-ageSeconds), null, new ShardSize(10, 1_000));

    public static JobShard Shard(int number) => new(number, number * 10, 10, $"shard-{number}");

    public static ShardResult Result(int number, int failed = 0) => new(number, number * 10, 10, 10 - failed, failed, $"results-{number}");

    /// <summary>Opens the job, takes its scan away, and adds that many shards.</summary>
    public async Task OpenAsync(int shards, WorkOrder? order = null)
    {
        var job = order ?? Order;
        await Book.OpenAsync(job);
        for (var i = 0; i < shards; i++) Assert.Equal(Telling.Taken, await Book.AddShardAsync(job, Shard(i)));
    }

    /// <summary>Takes a shard of the job as a worker whose lease ends in ten seconds.</summary>
    public Task<WorkLease?> TakeAsync(string worker, DateTimeOffset? at = null) =>
        Line.TakeAsync(worker, queue => queue == Queue, (at ?? Now).AddSeconds(10));

    /// <summary>As a living worker does.</summary>
    public Task LiveAsync(string worker) => redis.Connection.GetDatabase().StringSetAsync($"worker:{worker}", "{}");

    public void Dispose()
    {
        sealedFiles.Dispose();
        folder.Delete(recursive: true);
    }
}
