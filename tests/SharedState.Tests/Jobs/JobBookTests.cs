using System.Text;
using Platform.Core.Jobs;
using Platform.SharedState.Jobs;
using Platform.Tests;

namespace Platform.SharedState.Tests.Jobs;

public sealed class JobBookTests(RedisServer redis) : IClassFixture<RedisServer>, IDisposable
{
    private readonly JobStage stage = new(redis);

    private string Job => stage.Order.Id;

    public void Dispose() => stage.Dispose();

    [Fact]
    public async Task Results_ToldByManyAtOnce_CountOnce()
    {
        await stage.OpenAsync(5);

        var told = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => stage.Book.CommitAsync(Job, JobStage.Result(i % 5, failed: i % 5))));

        Assert.Equal(5, told.Count(telling => telling is Telling.Taken));
        Assert.Equal(95, told.Count(telling => telling is Telling.Known));
        Assert.Equal(new JobProgress(null, 40, 10, 5, 5), await stage.Book.ProgressAsync(Job));
        Assert.Equal([0, 1, 2, 3, 4], (await stage.Book.ResultsAsync(Job)).Select(result => result.Number));
    }

    [Fact]
    public async Task Order_OpenedAgain_PutsNothingBeforeTheWorkersTwice()
    {
        await stage.OpenAsync(1);
        await stage.Book.OpenAsync(stage.Order);

        Assert.Equal(Telling.Known, await stage.Book.AddShardAsync(stage.Order, JobStage.Shard(0) with { File = "other" }));

        Assert.Equal("shard-0", (await stage.Book.ShardAsync(Job, 0))!.File);
        Assert.Equal(1, (await stage.Book.ProgressAsync(Job))!.Shards);
        Assert.Equal(stage.Order.Id, (await stage.Book.OrderAsync(Job))!.Id);
    }

    [Fact]
    public async Task EndOfEachStep_ToldTwice_StandsAsItWasTold()
    {
        await stage.OpenAsync(1);
        Assert.Equal((Telling.Taken, Telling.Known), (await stage.Book.EndScanAsync(Job, 10), await stage.Book.EndScanAsync(Job, 11)));
        Assert.Equal((Telling.Taken, Telling.Known), (await stage.Book.EndFinishAsync(Job, "a", 5), await stage.Book.EndFinishAsync(Job, "b", 6)));
        var fault = new JobFault(JobReason.InputInvalid, $"It is cut off at {Guid.NewGuid()}.", 9, "x");
        Assert.Equal((Telling.Taken, Telling.Known), (await stage.Book.FailAsync(Job, fault), await stage.Book.FailAsync(Job, fault with { Row = 1 })));

        Assert.Equal(new JobProgress(10, 0, 0, 1, 0, fault, "a", 5), await stage.Book.ProgressAsync(Job));
        Assert.Empty(RedisContents.Find(await RedisContents.ReadAsync(redis.Connection), Encoding.UTF8.GetBytes(fault.Detail)));
    }

    [Fact]
    public async Task WhatIsSaidOfRows_IsSealedAndOpensForItsJobAlone()
    {
        await stage.OpenAsync(2);
        await stage.Book.FailAsync(Job, new JobFault(JobReason.InputInvalid, "Row 3: 'marked-5d1c-cell' is no FP32.", 3, "marked-5d1c-column"));
        await stage.Book.CommitAsync(Job, ShardResult.PutAside(JobStage.Shard(1), "It failed: idx=marked-5d1c-index is out of bounds."));
        await stage.LiveAsync("slow");
        await stage.Line.FailAsync((await stage.TakeAsync("slow"))!, "It failed: marked-5d1c-loss.", maxLosses: 2);

        var contents = await RedisContents.ReadAsync(redis.Connection);
        Assert.Empty(RedisContents.Find(contents, "marked-5d1c"u8.ToArray()));
        Assert.NotEmpty(RedisContents.Find(contents, System.Text.Encoding.UTF8.GetBytes(Job)));
        Assert.Equal("marked-5d1c-column", (await stage.Book.ProgressAsync(Job))!.Fault!.Column);
        Assert.Contains("marked-5d1c-index", Assert.Single(await stage.Book.ResultsAsync(Job)).Aside, StringComparison.Ordinal);
        var box = stage.Seal.Seal(Job, "fault", "said");
        Assert.Throws<InvalidDataException>(() => stage.Seal.Open<string>(JobStage.NewOrder().Id, "fault", box));
        Assert.Throws<InvalidDataException>(() => stage.Seal.Open<string>(Job, "shard 1", box));
    }

    [Fact]
    public async Task Job_ThatIsClosed_TakesNothingButKeepsWhatBecameOfItsShards()
    {
        await stage.OpenAsync(2);
        await stage.Book.CommitAsync(Job, JobStage.Result(0));
        await stage.Book.CloseAsync(Job);

        Assert.Equal(Telling.Closed, await stage.Book.CommitAsync(Job, JobStage.Result(1)));
        Assert.Equal(Telling.Closed, await stage.Book.AddShardAsync(stage.Order, JobStage.Shard(2)));
        Assert.Equal(Telling.Closed, await stage.Book.EndScanAsync(Job, 20));
        Assert.Equal(Telling.Closed, await stage.Book.FailAsync(Job, new JobFault(JobReason.InputInvalid, "")));
        Assert.Null(await stage.Book.ProgressAsync(Job));
        Assert.Single(await stage.Book.ResultsAsync(Job));
        await stage.Book.ForgetAsync(Job);
        Assert.Empty(await stage.Book.ResultsAsync(Job));
    }

    [Fact]
    public async Task Index_GivesTheNewestFirst_AndForgets()
    {
        var index = new JobIndex(redis.Connection);
        string[] jobs = [.. Enumerable.Range(0, 3).Select(i => Guid.CreateVersion7(JobStage.Now.AddSeconds(i)).ToString("n"))];
        foreach (var job in jobs) await index.AddAsync(job, "m");

        Assert.Equal(jobs.Reverse(), (await index.ListAsync()).Select(job => job.Key).Where(jobs.Contains));
        await index.CloseAsync(jobs[0]);
        await index.RemoveAsync(jobs[1]);

        Assert.Equal([jobs[2], jobs[0]], (await index.ListAsync()).Select(job => job.Key).Where(jobs.Contains));
        Assert.Equal([jobs[2]], (await index.OpenAsync()).Where(jobs.Contains));
    }
}
