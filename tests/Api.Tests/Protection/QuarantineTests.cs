using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Serving;
using Platform.Core.Protection;
using Platform.SharedState.Protection;
using Platform.Tests;

namespace Platform.Api.Tests.Protection;

public sealed class QuarantineTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_ThatBringsDownTwoWorkers_IsTakenToNoThird()
    {
        await using var fleet = await FleetAsync(body => body.Contains("666", StringComparison.Ordinal));
        var crasher = Body("666.0");

        var first = await fleet.Host.AskAsync(crasher);
        Assert.Equal(422, first.Status);
        Assert.Contains("quarantine", first.Error, StringComparison.Ordinal);
        Assert.Equal(2, fleet.Crashes);

        // The same inputs, written another way and with another id.
        var again = await fleet.Host.AskAsync("""{ "id":"x", "inputs":[{"datatype":"FP32", "shape":[1], "name":"x", "data":[666.0]}] }""");
        Assert.Equal(422, again.Status);
        Assert.Equal(2, fleet.Crashes);
        Assert.Equal(200, (await fleet.Host.AskAsync(Body("1.5"))).Status);
    }

    [Fact]
    public async Task Request_ThatWasLifted_IsTakenToWorkersAgain()
    {
        await using var fleet = await FleetAsync(body => body.Contains("667", StringComparison.Ordinal));
        await fleet.Host.AskAsync(Body("667.0"));
        var store = fleet.Host.Services.GetRequiredService<QuarantineStore>();
        var held = Assert.Single(await store.ReadAsync(), request => request.Model == fleet.Model);
        Assert.Equal((QuarantinedRequest.MaxCrashes, "1.0.0"), (held.Crashes, held.Version));

        fleet.IsMended = true;
        Assert.True(await store.LiftAsync(held.Digest));
        await fleet.Host.Services.GetRequiredService<Quarantine>().RefreshAsync();
        Assert.Equal(200, (await fleet.Host.AskAsync(Body("667.0"))).Status);
        Assert.False(await store.LiftAsync(held.Digest));
    }

    [Fact]
    public async Task Request_ThatIsAnsweredByTheNextWorker_IsSuspectedNoMore()
    {
        await using var breaking = await FakeWorker.StartAsync(Abort);
        await using var sound = await FakeWorker.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var host = await ServingHost.StartAsync(redis, [ServingHost.Placed("1.0.0")], (breaking, "1.0.0"), (sound, "1.0.0"));
        var store = host.Services.GetRequiredService<QuarantineStore>();
        var before = await store.SuspectsAsync();

        for (var i = 0; i < 20; i++) Assert.Equal(200, (await host.AskAsync(Body("7.0"))).Status);

        Assert.InRange(breaking.Calls, 1, 20);
        Assert.DoesNotContain(await store.ReadAsync(), request => request.Model == host.Model);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while ((await store.SuspectsAsync()).Except(before).Any()) limit.Token.ThrowIfCancellationRequested();
    }

    [Fact]
    public async Task Bystanders_OfACrash_AreAnsweredAndNotHeld()
    {
        await using var fleet = await FleetAsync(body => body.Contains("668", StringComparison.Ordinal));
        var asked = Enumerable.Range(0, 30).Select(i => fleet.Host.AskAsync(Body(i == 10 ? "668.0" : $"{i}.25"))).ToArray();
        var statuses = (await Task.WhenAll(asked)).Select(answer => answer.Status).ToArray();
        Assert.Equal(422, statuses[10]);
        Assert.Equal(29, statuses.Count(status => status == 200));
    }

    private static Task Abort(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    private static string Body(string number) => $$"""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[{{number}}]}]}""";

    private async Task<Fleet> FleetAsync(Func<string, bool> isDeadly)
    {
        var fleet = new Fleet();
        for (var i = 0; i < 4; i++) fleet.Workers.Add(await FakeWorker.StartAsync(async context =>
        {
            var body = await new StreamReader(context.Request.Body).ReadToEndAsync(Cancellation);
            if (!isDeadly(body) || fleet.IsMended)
            {
                await context.Response.WriteAsync("ok");
                return;
            }

            Interlocked.Increment(ref fleet.Crashes);
            context.Abort();
        }));
        fleet.Host = await ServingHost.StartAsync(redis, [ServingHost.Placed("1.0.0")], [.. fleet.Workers.Select(worker => (worker, "1.0.0"))]);
        return fleet;
    }

    private sealed class Fleet : IAsyncDisposable
    {
        public int Crashes;

        public bool IsMended { get; set; }

        public List<FakeWorker> Workers { get; } = [];

        public ServingHost Host { get; set; } = null!;

        public string Model => Host.Model;

        public async ValueTask DisposeAsync()
        {
            await Host.DisposeAsync();
            foreach (var worker in Workers) await worker.DisposeAsync();
        }
    }
}
