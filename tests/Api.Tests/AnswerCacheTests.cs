using System.Text;
using Microsoft.AspNetCore.Http;
using Platform.Core.Serving;
using Platform.Tests;

namespace Platform.Api.Tests;

public sealed class AnswerCacheTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static readonly DeploymentConfig Config = new(Cache: new(TimeSpan.FromHours(1)));

    [Fact]
    public async Task EqualRequests_AreComputedOnceAndAnsweredWithTheirOwnIds()
    {
        await using var worker = await FakeWorker.StartAsync(AnswerAsync);
        await using var host = await ServingHost.StartAsync(redis, [ServingHost.Placed("1.0.0", Config)], (worker, "1.0.0"));

        var first = await host.AskAsync(Body(1, "a"));
        var second = await host.AskAsync(Body(1, "b"));
        var other = await host.AskAsync(Body(2, "c"));

        Assert.Equal(("stable", "cache", "stable"), (first.Route, second.Route, other.Route));
        Assert.Equal(2, worker.Calls);
        Assert.Contains("\"id\":\"b\"", Encoding.UTF8.GetString(second.Body.Span), StringComparison.Ordinal);
        Assert.Equal("1.0.0", second.Version);
    }

    [Fact]
    public async Task VersionWithoutCache_IsAskedEachTime()
    {
        await using var worker = await FakeWorker.StartAsync(AnswerAsync);
        await using var host = await ServingHost.StartAsync(redis, [ServingHost.Placed("1.0.0", new(Cache: new(TimeSpan.Zero)))], (worker, "1.0.0"));

        for (var i = 0; i < 3; i++) Assert.Equal("stable", (await host.AskAsync(Body(1, "a"))).Route);

        Assert.Equal(3, worker.Calls);
    }

    [Fact]
    public async Task EqualRequests_AtTheSameTime_ShareOneComputation()
    {
        var release = new TaskCompletionSource();
        await using var worker = await FakeWorker.StartAsync(async context =>
        {
            await release.Task;
            await AnswerAsync(context);
        });
        await using var host = await ServingHost.StartAsync(redis, [ServingHost.Placed("1.0.0", Config with { Limits = new(Timeout: TimeSpan.FromMinutes(1)) })], (worker, "1.0.0"));
        var asking = Enumerable.Range(0, 20).Select(i => host.AskAsync(Body(1, $"r{i}"))).ToArray();
        release.SetResult();

        var answers = await Task.WhenAll(asking);

        Assert.Equal(1, worker.Calls);
        Assert.Equal(19, answers.Count(answer => answer.Route == "cache"));
        Assert.Equal(20, answers.Select(answer => Encoding.UTF8.GetString(answer.Body.Span)).Distinct().Count());
    }

    [Fact]
    public async Task Leader_ThatGivesUp_IsFollowedByAnother()
    {
        var began = new SemaphoreSlim(0);
        var release = new TaskCompletionSource();
        await using var worker = await FakeWorker.StartAsync(async context =>
        {
            began.Release();
            await release.Task.WaitAsync(context.RequestAborted);
            await AnswerAsync(context);
        });
        await using var host = await ServingHost.StartAsync(redis, [ServingHost.Placed("1.0.0", Config with { Limits = new(Timeout: TimeSpan.FromMinutes(1)) })], (worker, "1.0.0"));
        using var leave = new CancellationTokenSource();
        var leader = host.AskAsync(Body(1, "a"), cancellation: leave.Token);
        await began.WaitAsync(TestContext.Current.CancellationToken);
        var follower = host.AskAsync(Body(1, "b"));

        await leave.CancelAsync();
        await began.WaitAsync(TestContext.Current.CancellationToken);
        release.SetResult();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leader);
        Assert.Equal(200, (await follower).Status);
    }

    [Fact]
    public async Task Errors_AreNotRemembered()
    {
        await using var worker = await FakeWorker.StartAsync(context =>
        {
            context.Response.StatusCode = 400;
            return context.Response.WriteAsync("""{"id":"x","error":"no"}""");
        });
        await using var host = await ServingHost.StartAsync(redis, [ServingHost.Placed("1.0.0", Config)], (worker, "1.0.0"));

        for (var i = 0; i < 2; i++) Assert.Equal((400, "stable"), ((await host.AskAsync(Body(1, "a"))).Status, "stable"));

        Assert.Equal(2, worker.Calls);
    }

    [Fact]
    public async Task NoWorkerAnyMore_TheRememberedAnswerIsTheFallback()
    {
        await using var worker = await FakeWorker.StartAsync(AnswerAsync);
        var config = new DeploymentConfig(Cache: new(TimeSpan.FromTicks(1)), Fallback: new(Cache: true));
        await using var host = await ServingHost.StartAsync(redis, [ServingHost.Placed("1.0.0", config)], (worker, "1.0.0"));
        Assert.Equal("stable", (await host.AskAsync(Body(1, "a"))).Route);
        await worker.DieAsync();

        var remembered = await host.AskAsync(Body(1, "b"));
        var unknown = await host.AskAsync(Body(2, "c"));

        Assert.Equal((200, "cache", 503), (remembered.Status, remembered.Route, unknown.Status));
    }

    private static string Body(int value, string id) => $$"""{"id":"{{id}}","inputs":[{"name":"x","datatype":"INT32","shape":[1],"data":[{{value}}]}]}""";

    private static Task AnswerAsync(HttpContext context) =>
        context.Response.WriteAsync("""{"model_name":"m","model_version":"1.0.0","id":"worker's","outputs":[]}""");
}
