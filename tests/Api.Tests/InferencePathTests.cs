using System.Collections.Immutable;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Platform.Api.Serving;
using Platform.Api.Workers;
using Platform.Core.Models;
using Platform.Core.Routing;
using Platform.Core.Serving;
using Platform.SharedState.Caching;
using Platform.SharedState.Frames;
using Platform.SharedState.Plans;
using Platform.SharedState.Protection;
using Platform.SharedState.Workers;
using Platform.Tests;

namespace Platform.Api.Tests;

public sealed class InferencePathTests(RedisServer redis) : IClassFixture<RedisServer>
{
    internal const string InternalKey = "an-internal-key-of-more-than-32-characters";
    private static readonly string Sha = new('a', 64);
    private readonly string model = $"m-{Guid.NewGuid():n}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_IsPassedOnUnparsedWithTheInternalKey()
    {
        await using var worker = await FakeWorker.StartAsync(context => context.Response.WriteAsync("""{"outputs":[]}"""));
        await using var front = await FrontAsync(new ServingLimits(), worker);

        var answer = await front.AskAsync("not even JSON");

        Assert.Equal((200, """{"outputs":[]}"""), (answer.Status, Encoding.UTF8.GetString(answer.Body.Span)));
        var request = Assert.Single(worker.Requests);
        Assert.Equal(($"/internal/models/{model}/versions/1.0.0/infer", InternalKey, "not even JSON", "application/json"), request);
        Assert.Equal((worker.Id, "1.0.0", "stable"), (answer.Worker, answer.Version, answer.Route));
    }

    [Fact]
    public async Task Worker_ThatDied_IsReplacedByAnotherWithoutAnError()
    {
        await using var dead = await FakeWorker.StartAsync(_ => Task.CompletedTask);
        await using var alive = await FakeWorker.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var front = await FrontAsync(new ServingLimits(), dead, alive);
        await dead.DieAsync();

        for (var i = 0; i < 20; i++) Assert.Equal(200, (await front.AskAsync("{}")).Status);

        Assert.Equal(20, alive.Calls);
    }

    [Fact]
    public async Task Worker_ThatBreaksOffItsAnswer_IsReplacedByAnother()
    {
        await using var breaking = await FakeWorker.StartAsync(async context =>
        {
            context.Response.ContentLength = 1_000;
            await context.Response.WriteAsync("half");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        await using var alive = await FakeWorker.StartAsync(context => context.Response.WriteAsync("whole"));
        await using var front = await FrontAsync(new ServingLimits(), breaking, alive);

        for (var i = 0; i < 10; i++) Assert.Equal((200, "whole"), await front.AskBriefAsync("{}"));
    }

    [Theory]
    [InlineData(421)]
    [InlineData(503)]
    public async Task Worker_ThatSaysElsewhere_IsReplacedByAnother(int status)
    {
        await using var busy = await FakeWorker.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        await using var alive = await FakeWorker.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var front = await FrontAsync(new ServingLimits(), busy, alive);

        for (var i = 0; i < 10; i++) Assert.Equal((200, "ok"), await front.AskBriefAsync("{}"));
    }

    [Fact]
    public async Task Worker_ThatLeaves_IsReplacedByOneThatCameMeanwhile()
    {
        await using var alive = await FakeWorker.StartAsync(context => context.Response.WriteAsync("ok"));
        var model = "";
        await using var leaving = await FakeWorker.StartAsync(async context =>
        {
            // Nobody is told, and the front door reads leases each second only.
            await new WorkerLeases(redis.Connection).RenewAsync(
                alive.Lease(new LoadedVersion(model, "1.0.0", ServingHost.Placed("1.0.0").Artifact.Sha256, LoadState.Ready)), announce: false);
            context.Response.StatusCode = 503;
        });
        await using var host = await ServingHost.StartAsync(redis, [ServingHost.Placed("1.0.0")], (leaving, "1.0.0"));
        model = host.Model;

        Assert.Equal(200, (await host.AskAsync()).Status);
    }

    [Fact]
    public async Task Worker_OfWhichNobodyWasTold_IsFoundWhenNoneIsKnown()
    {
        await using var alive = await FakeWorker.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var host = await ServingHost.StartAsync(redis, [ServingHost.Placed("1.0.0")]);
        await new WorkerLeases(redis.Connection).RenewAsync(
            alive.Lease(new LoadedVersion(host.Model, "1.0.0", ServingHost.Placed("1.0.0").Artifact.Sha256, LoadState.Ready)), announce: false);

        Assert.Equal(200, (await host.AskAsync()).Status);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(429)]
    [InlineData(500)]
    public async Task Error_OfTheRequestItself_IsPassedOnAndNotTriedAgain(int status)
    {
        await using var first = await FakeWorker.StartAsync(Answer);
        await using var second = await FakeWorker.StartAsync(Answer);
        await using var front = await FrontAsync(new ServingLimits(), first, second);

        Assert.Equal((status, "why"), await front.AskBriefAsync("{}"));
        Assert.Equal(1, first.Calls + second.Calls);

        Task Answer(HttpContext context)
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync("why");
        }
    }

    [Fact]
    public async Task Answer_ThatDoesNotComeInTime_Is504()
    {
        await using var slow = await FakeWorker.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using var front = await FrontAsync(new ServingLimits(Timeout: TimeSpan.FromMilliseconds(200)), slow);

        Assert.Equal(504, (await front.AskAsync("{}")).Status);
    }

    [Fact]
    public async Task NoWorker_Is503AndUnknownNames404()
    {
        await using var front = await FrontAsync(new ServingLimits());

        Assert.Equal(503, (await front.AskAsync("{}")).Status);
        Assert.Equal(404, (await front.AskAsync("{}", version: "9.9.9")).Status);
        Assert.Equal(404, (await front.AskAsync("{}", model: "nobody")).Status);
    }

    [Fact]
    public async Task Request_WithAKeyOrAHeaderOfARule_GoesByThePlan()
    {
        await using var worker = await FakeWorker.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var front = await FrontAsync(new ServingLimits(), worker);
        var store = new PlanStore(redis.Connection);
        var (plan, revision) = (front.Plan, front.Plan.Revision + 1);
        var stable = plan.Versions[0];
        await store.PublishAsync(plan with
        {
            Revision = revision,
            Routes = SlotTable.Assign([], [new("1.0.0", 5_000, "stable"), new("1.0.0", 5_000, "canary")]),
            Rules = [new RouteRule("canary", "X-Group", EqualTo: "testers")],
        });
        await front.UntilRevisionAsync(revision);

        var routes = new List<string>();
        for (var key = 0; key < 40; key++)
        {
            var route = (await front.AskAsync("{}", routingKey: $"user-{key}")).Route;
            Assert.Equal(route, (await front.AskAsync("{}", routingKey: $"user-{key}")).Route);
            routes.Add(route);
        }

        Assert.Equal(["canary", "stable"], routes.Distinct().Order());
        Assert.Equal("canary", (await front.AskAsync("{}", header: name => name == "X-Group" ? "testers" : null)).Route);
        Assert.Equal("stable", (await front.AskAsync("{}", version: stable.Version)).Route);
    }

    [Fact]
    public async Task EveryReadyWorker_GetsItsShare()
    {
        await using var first = await FakeWorker.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var second = await FakeWorker.StartAsync(context => context.Response.WriteAsync("ok"));
        await using var front = await FrontAsync(new ServingLimits(), first, second);

        for (var i = 0; i < 200; i++) await front.AskAsync("{}");

        Assert.InRange(first.Calls, 50, 150);
    }

    private async Task<Front> FrontAsync(ServingLimits limits, params FakeWorker[] workers)
    {
        var store = new PlanStore(redis.Connection);
        var signature = new ModelSignature([], [], "", ImmutableDictionary<string, long>.Empty, ImmutableDictionary<string, string>.Empty);
        var placed = new PlacedVersion("1.0.0", new ArtifactInfo(1, Sha, true, null), signature, new DeploymentConfig(Limits: limits));
        await store.PublishAsync(new ModelPlan(model, 1, [placed], [new("1.0.0", 10_000, "stable")]));
        var leases = new WorkerLeases(redis.Connection);
        foreach (var worker in workers)
            await leases.RenewAsync(worker.Lease(new LoadedVersion(model, "1.0.0", Sha, LoadState.Ready)), announce: false);
        return await Front.StartAsync(redis, store, leases, model, workers.Length);
    }

    /// <summary>The front door's parts without HTTP in front of them.</summary>
    private sealed class Front(ServiceProvider services, PlanFollower plans, WorkerDirectory directory, InferencePath path, string model)
        : IAsyncDisposable
    {
        public static async Task<Front> StartAsync(RedisServer redis, PlanStore store, WorkerLeases leases, string model, int workers)
        {
            var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
            var plans = new PlanFollower(redis.Connection, store, TimeProvider.System, NullLogger<PlanFollower>.Instance);
            var directory = new WorkerDirectory(redis.Connection, leases, TimeProvider.System, NullLogger<WorkerDirectory>.Instance);
            var seen = new TaskCompletionSource();
            directory.Changed += () =>
            {
                if (directory.Workers.Count(worker => worker.Versions.Any(version => version.Model == model)) == workers) seen.TrySetResult();
            };
            await plans.StartAsync(Cancellation);
            await directory.StartAsync(Cancellation);
            await plans.Loaded.WaitAsync(Cancellation);
            await seen.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
            var metrics = new InferenceMetrics(services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());
            var dispatcher = new Dispatcher(
                new WorkerPicker(directory, TimeProvider.System, NullLogger<WorkerPicker>.Instance), new FrameClient(InternalKey, new(), TimeProvider.System),
                new Quarantine(
                    new QuarantineStore(redis.Connection, TimeProvider.System), new FindingCounts(), Options.Create(new QuarantineOptions()),
                    TimeProvider.System, NullLogger<Quarantine>.Instance),
                metrics,
                Options.Create(new InferenceOptions()), TimeProvider.System, NullLogger<Dispatcher>.Instance);
            var cache = new AnswerCache(
                new SharedAnswers(redis.Connection, SealedStores.TestSeal), new CacheCounts(TimeProvider.System), Options.Create(new CacheOptions()), services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(),
                TimeProvider.System, NullLogger<AnswerCache>.Instance);
            var path = new InferencePath(plans, dispatcher, new Degradation(plans, dispatcher), cache,
                new CallSubjects(new SealedStores(redis.Connection, TimeProvider.System).Vault), [metrics], TimeProvider.System);
            return new Front(services, plans, directory, path, model);
        }

        public async Task<(int Status, string Body)> AskBriefAsync(string body)
        {
            var answer = await AskAsync(body);
            return (answer.Status, Encoding.UTF8.GetString(answer.Body.Span));
        }

        public ModelPlan Plan => plans.Plans[model];

        public async Task UntilRevisionAsync(long revision)
        {
            var followed = new TaskCompletionSource();
            void Look()
            {
                if (Plan.Revision >= revision) followed.TrySetResult();
            }

            plans.Changed += Look;
            Look();
            await followed.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        }

        public Task<InferenceAnswer> AskAsync(
            string body, string? version = null, string? model = null, string? routingKey = null, Func<string, string?>? header = null) => path.AskAsync(
            new()
            {
                RoutingKey = routingKey,
                Header = header ?? (_ => null),
                Model = model ?? MyModel,
                Version = version,
                RequestId = "r-1",
                Body = Encoding.UTF8.GetBytes(body),
                ContentType = "application/json",
            },
            Cancellation);

        private string MyModel => model;

        public async ValueTask DisposeAsync()
        {
            await plans.StopAsync(CancellationToken.None);
            await directory.StopAsync(CancellationToken.None);
            plans.Dispose();
            directory.Dispose();
            await services.DisposeAsync();
        }
    }
}
