using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Serving;
using Platform.Core.Measuring;
using Platform.Core.Resilience;
using Platform.Core.Serving;
using Platform.Tests;

namespace Platform.Api.Tests;

public sealed class GovernanceTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private const string Outputs = """[{"name":"y","datatype":"FP32","shape":[1],"data":[0.5]}]""";

    [Fact]
    public async Task NoWorkerForTheVersion_TheFallbackVersionAnswers()
    {
        await using var worker = await FakeWorker.StartAsync(context => context.Response.WriteAsync("stable's"));
        await using var host = await ServingHost.StartAsync(
            redis, [ServingHost.Placed("1.0.0"), ServingHost.Placed("2.0.0", new(Fallback: new("stable"))), ServingHost.Placed("3.0.0", new(Fallback: new("1.0.0")))], (worker, "1.0.0"));

        foreach (var version in new[] { "2.0.0", "3.0.0" })
        {
            var answer = await host.AskAsync(version: version);
            Assert.Equal((200, "1.0.0", "fallback", "stable's"), (answer.Status, answer.Version, answer.Route, Encoding.UTF8.GetString(answer.Body.Span)));
        }

        Assert.Equal("stable", (await host.AskAsync()).Route);
    }

    [Fact]
    public async Task NoWorkerAtAll_TheFixedAnswerIsGivenOrAnHonest503()
    {
        var fallback = new FallbackConfig("1.0.0", Answer: $$"""{"outputs":{{Outputs}}}""");
        await using var host = await ServingHost.StartAsync(redis, [ServingHost.Placed("1.0.0"), ServingHost.Placed("2.0.0", new(Fallback: fallback))]);

        var answer = await host.AskAsync(version: "2.0.0");
        var refused = await host.AskAsync();

        Assert.Equal((200, "2.0.0", "fallback"), (answer.Status, answer.Version, answer.Route));
        Assert.EndsWith($$""""id":"r-1","outputs":{{Outputs}}}"""", Encoding.UTF8.GetString(answer.Body.Span), StringComparison.Ordinal);
        Assert.Equal(503, refused.Status);
        Assert.Contains("not at ready state", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_ThatKeepsFailing_IsLeftAloneAndItsFallbackAnswers()
    {
        await using var failing = await FakeWorker.StartAsync(context =>
        {
            context.Response.StatusCode = 500;
            return context.Response.WriteAsync("failed");
        });
        await using var well = await FakeWorker.StartAsync(context => context.Response.WriteAsync("well"));
        await using var host = await ServingHost.StartAsync(
            redis, [ServingHost.Placed("1.0.0"), ServingHost.Placed("2.0.0", new(Fallback: new("stable"))), ServingHost.Placed("3.0.0")],
            (failing, "2.0.0"), (well, "1.0.0"));
        for (var i = 0; i < BreakerPolicy.Version.MinRequests; i++) Assert.Equal(500, (await host.AskAsync(version: "2.0.0")).Status);

        var answer = await host.AskAsync(version: "2.0.0");

        Assert.Equal((200, "1.0.0", "fallback"), (answer.Status, answer.Version, answer.Route));
        Assert.Equal(BreakerPolicy.Version.MinRequests, failing.Calls);
    }

    /// <summary>A canary that is left alone must look to its rollout as bad as it is, and to callers as what it was.</summary>
    [Fact]
    public async Task Version_ThatIsLeftAlone_IsStillTheOneThatFailed()
    {
        await using var failing = await FakeWorker.StartAsync(context =>
        {
            context.Response.StatusCode = 500;
            return context.Response.WriteAsync("failed");
        });
        var heard = new Heard();
        await using var host = await ServingHost.StartAsync(
            redis, [ServingHost.Placed("2.0.0")], services => services.AddSingleton<IAnswerObserver>(heard), (failing, "2.0.0"));
        for (var i = 0; i < BreakerPolicy.Version.MinRequests; i++) await host.AskAsync();

        var refused = await host.AskAsync();

        Assert.Equal(BreakerPolicy.Version.MinRequests, failing.Calls);
        Assert.Equal((503, "2.0.0", "stable"), (refused.Status, refused.Version, refused.Route));
        Assert.Equal(("2.0.0", "stable", refused), heard.Last);
        Assert.True(InferenceOutcomes.FromStatus(refused.Status).IsError());
    }

    private sealed class Heard : IAnswerObserver
    {
        public (string? Version, string Route, InferenceAnswer? Answer) Last { get; private set; }

        public void Answered(InferenceCall call, PlacedVersion? version, string route, InferenceAnswer? answer, TimeSpan elapsed) =>
            Last = (version?.Version, route, answer);
    }

    [Fact]
    public async Task Version_ThatFailsNowAndThen_IsAskedOn()
    {
        var count = 0;
        await using var worker = await FakeWorker.StartAsync(context =>
        {
            context.Response.StatusCode = Interlocked.Increment(ref count) % 3 == 0 ? 500 : 200;
            return context.Response.WriteAsync("");
        });
        await using var host = await ServingHost.StartAsync(redis, [ServingHost.Placed("1.0.0")], (worker, "1.0.0"));

        for (var i = 0; i < 60; i++) await host.AskAsync();

        Assert.Equal(60, worker.Calls);
    }

    [Fact]
    public async Task Hedge_WhenTheFirstIsLate_TheSecondAnswersAndTheFirstIsGivenUp()
    {
        var givenUp = new TaskCompletionSource();
        var isFirst = 1;
        await using var one = await FakeWorker.StartAsync(FirstHangs);
        await using var other = await FakeWorker.StartAsync(FirstHangs);
        var config = new DeploymentConfig(Hedge: new(TimeSpan.FromMilliseconds(20)), Limits: new(Timeout: TimeSpan.FromMinutes(1)));
        await using var host = await ServingHost.StartAsync(redis, [ServingHost.Placed("1.0.0", config)], (one, "1.0.0"), (other, "1.0.0"));

        var answer = await host.AskAsync();
        await givenUp.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Equal((200, 1, 1), (answer.Status, one.Calls, other.Calls));

        async Task FirstHangs(HttpContext context)
        {
            if (Interlocked.Exchange(ref isFirst, 0) == 0)
            {
                await context.Response.WriteAsync("ok");
                return;
            }

            await using var registration = context.RequestAborted.Register(givenUp.SetResult);
            await givenUp.Task;
        }
    }

    [Fact]
    public async Task Hedge_WhenTheFirstIsInTime_NobodyElseIsAsked()
    {
        await using var one = await FakeWorker.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var other = await FakeWorker.StartAsync(context => context.Response.WriteAsync("ok"));
        var config = new DeploymentConfig(Hedge: new(TimeSpan.FromMinutes(1)));
        await using var host = await ServingHost.StartAsync(redis, [ServingHost.Placed("1.0.0", config)], (one, "1.0.0"), (other, "1.0.0"));

        for (var i = 0; i < 20; i++) Assert.Equal(200, (await host.AskAsync()).Status);

        Assert.Equal(20, one.Calls + other.Calls);
    }

    [Fact]
    public async Task Caller_ThatGoesAway_IsNotHeldAgainstTheVersion()
    {
        var began = new SemaphoreSlim(0);
        await using var worker = await FakeWorker.StartAsync(async context =>
        {
            began.Release();
            var gone = new TaskCompletionSource();
            await using var registration = context.RequestAborted.Register(gone.SetResult);
            await gone.Task;
        });
        await using var well = await FakeWorker.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var host = await ServingHost.StartAsync(redis, [ServingHost.Placed("1.0.0")], (worker, "1.0.0"));
        for (var i = 0; i < BreakerPolicy.Version.MinRequests + 1; i++)
        {
            using var leave = new CancellationTokenSource();
            var asking = host.AskAsync(cancellation: leave.Token);
            await began.WaitAsync(TestContext.Current.CancellationToken);
            await leave.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        }

        Assert.Equal(BreakerPolicy.Version.MinRequests + 1, worker.Calls);
    }
}
