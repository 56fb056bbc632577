using Microsoft.Extensions.Logging.Abstractions;
using Platform.Core.Serving;
using Platform.SharedState.Plans;
using Platform.Tests;

namespace Platform.SharedState.Tests;

public sealed class PlanFollowerTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Follower_ReadsThePlansThatAreThereAtItsStart()
    {
        var store = new PlanStore(redis.Connection);
        var plan = NewPlan(1);
        await store.PublishAsync(plan);

        await using var following = await Following.StartAsync(redis, store);

        Assert.Equal(1, following.Follower.Plans[plan.Model].Revision);
    }

    [Fact]
    public async Task Follower_AdoptsAnAnnouncedPlanAndDropsARemovedOne()
    {
        var store = new PlanStore(redis.Connection);
        await using var following = await Following.StartAsync(redis, store);
        var plan = NewPlan(1);

        await store.PublishAsync(plan);
        await following.UntilAsync(plans => plans.ContainsKey(plan.Model));
        await store.PublishAsync(plan with { Revision = 2 });
        await following.UntilAsync(plans => plans[plan.Model].Revision == 2);
        await store.RemoveAsync(plan.Model);
        await following.UntilAsync(plans => !plans.ContainsKey(plan.Model));
    }

    [Fact]
    public async Task Follower_LostAnnouncement_IsMendedByTheReconcile()
    {
        var store = new PlanStore(redis.Connection);
        await using var following = await Following.StartAsync(redis, store);
        var plan = NewPlan(1);

        // Written as PlanStore writes it, but announced to nobody.
        await redis.Connection.GetDatabase().HashSetAsync(
            "plans", plan.Model, System.Text.Json.JsonSerializer.Serialize(plan, Core.PlatformJson.Options));

        await following.UntilAsync(plans => plans.ContainsKey(plan.Model));
    }

    private static ModelPlan NewPlan(long revision) => new($"model-{Guid.NewGuid():n}", revision, [], [new("1.0.0", 10_000, "stable")]);

    private sealed class Following(PlanFollower follower) : IAsyncDisposable
    {
        public PlanFollower Follower => follower;

        public static async Task<Following> StartAsync(RedisServer redis, PlanStore store)
        {
            var follower = new PlanFollower(redis.Connection, store, TimeProvider.System, NullLogger<PlanFollower>.Instance);
            await follower.StartAsync(Cancellation);
            await follower.Loaded.WaitAsync(Cancellation);
            return new Following(follower);
        }

        public async Task UntilAsync(Func<IReadOnlyDictionary<string, ModelPlan>, bool> condition)
        {
            var reached = new TaskCompletionSource();
            void Check()
            {
                if (condition(follower.Plans)) reached.TrySetResult();
            }

            follower.Changed += Check;
            Check();
            await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
            follower.Changed -= Check;
        }

        public async ValueTask DisposeAsync()
        {
            await follower.StopAsync(CancellationToken.None);
            follower.Dispose();
        }
    }
}
