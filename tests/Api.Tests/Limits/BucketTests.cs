using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Platform.Api.Limits;
using Platform.Core.Limits;
using Platform.SharedState;
using Platform.SharedState.Limits;
using Platform.Tests;
using StackExchange.Redis;

namespace Platform.Api.Tests.Limits;

/// <summary>The buckets of two Apis on one Redis, and of one whose Redis is away.</summary>
public sealed class BucketTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static readonly Quota Hundred = new(100, TimeSpan.FromHours(1));
    private readonly FakeTimeProvider clock = new();
    private readonly string key = $"b-{Guid.NewGuid():n}";

    [Fact]
    public async Task Requests_AtTwoApis_AreGrantedTheLimitTogether()
    {
        var (first, second) = (Prepaid(redis.Connection), Prepaid(redis.Connection));
        var granted = 0;
        for (var i = 0; i < 150; i++) granted += await CountAsync(first) + await CountAsync(second);
        // What lies in chunks at one is at most what the other went without.
        Assert.InRange(granted, 90, 100);

        await first.ReturnAsync();
        await second.ReturnAsync();
        clock.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 20; i++) granted += await CountAsync(first);
        Assert.Equal(100, granted);
    }

    [Fact]
    public async Task Requests_AtOnceFromMany_AreGrantedTheLimit()
    {
        var bucket = Prepaid(redis.Connection);

        var verdicts = await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => Task.Run(async () => (await bucket.TakeAsync()).Passes)));

        Assert.Equal(100, verdicts.Count(passes => passes));
    }

    [Fact]
    public async Task Caller_WhoIsRefused_IsToldHowLongToWaitAndPassesThen()
    {
        var bucket = Prepaid(redis.Connection, new Quota(2, TimeSpan.FromSeconds(10)));
        Assert.Equal(2, await CountAsync(bucket) + await CountAsync(bucket));

        var refused = await bucket.TakeAsync();
        Assert.Equal((false, 5.0), (refused.Passes, Math.Round(refused.Wait.TotalSeconds)));
        clock.Advance(refused.Wait + TimeSpan.FromMilliseconds(2));

        Assert.True((await bucket.TakeAsync()).Passes);
        Assert.False((await bucket.TakeAsync()).Passes);
    }

    [Fact]
    public async Task Requests_WhileRedisIsAway_GetThisApisShareOfTheLimit()
    {
        await using var gone = await GoneAsync();
        var link = Link(gone);
        link.Apis = 4;
        var bucket = new PrepaidBucket("key-requests", key, Hundred, link);

        var granted = 0;
        for (var i = 0; i < 100; i++) granted += await CountAsync(bucket);
        Assert.Equal(25, granted);

        clock.Advance(TimeSpan.FromHours(1) / 25);
        Assert.Equal(1, await CountAsync(bucket) + await CountAsync(bucket));
    }

    [Fact]
    public async Task Cost_AtOneApi_ClosesTheOtherOnceReported()
    {
        var (first, second) = (Postpaid(redis.Connection), Postpaid(redis.Connection));
        Assert.True(first.Look().Passes && second.Look().Passes);

        first.Spend(150);
        Assert.False(first.Look().Passes);
        await first.ReportAsync();
        await second.ReportAsync();

        var closed = second.Look();
        Assert.Equal((false, 0.0), (closed.Passes, closed.Remaining));
        clock.Advance(closed.Wait + TimeSpan.FromMilliseconds(1));
        Assert.True(second.Look().Passes);
    }

    [Fact]
    public async Task Cost_WhileRedisIsAway_IsKeptAndReportedAfter()
    {
        await using var gone = await GoneAsync();
        var bucket = new PostpaidBucket("key-bytes", key, Hundred, Link(gone));

        bucket.Spend(101);
        await bucket.ReportAsync();

        Assert.False(bucket.Look().Passes);
    }

    private PrepaidBucket Prepaid(IConnectionMultiplexer connection, Quota? quota = null) => new("key-requests", key, quota ?? Hundred, Link(connection));

    private PostpaidBucket Postpaid(IConnectionMultiplexer connection) => new("key-bytes", key, Hundred, Link(connection));

    private BucketLink Link(IConnectionMultiplexer connection) =>
        new(new SharedBuckets(connection, SealedStores.TestSeal), new RedisHealth(connection, clock, NullLogger<RedisHealth>.Instance), clock);

    /// <summary>A connection to a port where nobody listens.</summary>
    private static Task<ConnectionMultiplexer> GoneAsync() => ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions
    {
        EndPoints = { "127.0.0.1:1" }, AbortOnConnectFail = false, ConnectRetry = 0, ConnectTimeout = 100, BacklogPolicy = BacklogPolicy.FailFast,
    });

    private static async Task<int> CountAsync(PrepaidBucket bucket) => (await bucket.TakeAsync()).Passes ? 1 : 0;
}
