using CsCheck;
using Platform.Core.Limits;
using Platform.SharedState.Limits;
using Platform.Tests;

namespace Platform.SharedState.Tests.Limits;

public sealed class SharedBucketTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);
    private readonly SharedBuckets buckets = new(redis.Connection, SealedStores.TestSeal);
    private readonly string name = $"b-{Guid.NewGuid():n}";

    [Fact]
    public async Task Bucket_ThatTwoDrawOn_GrantsTheLimitOnceAndNoMore()
    {
        var quota = new Quota(10, TimeSpan.FromMinutes(1));
        var other = new SharedBuckets(redis.Connection, SealedStores.TestSeal);

        Assert.Equal(7, (await buckets.DrawAsync(name, quota, 0, 7, Start)).Granted);
        Assert.Equal(3, (await other.DrawAsync(name, quota, 0, 7, Start)).Granted);
        Assert.Equal(0, (await buckets.DrawAsync(name, quota, 0, 1, Start)).Granted);
        Assert.Equal(1, (await other.DrawAsync(name, quota, 0, 5, Start.AddSeconds(6))).Granted);
    }

    [Fact]
    public async Task Debt_IsKeptAndWhatIsGivenBackCountsAgain()
    {
        var quota = new Quota(60, TimeSpan.FromMinutes(1));

        Assert.Equal(-40, (await buckets.DrawAsync(name, quota, 100, 0, Start)).Bucket.Tokens);
        Assert.Equal(0, (await buckets.DrawAsync(name, quota, 0, 1, Start.AddSeconds(40))).Granted);
        Assert.Equal(5, (await buckets.DrawAsync(name, quota, -5, 0, Start.AddSeconds(40))).Bucket.Tokens);
    }

    [Fact]
    public async Task Asker_WhoseClockIsBehind_NeitherGainsNorLoses()
    {
        var quota = new Quota(10, TimeSpan.FromSeconds(10));
        Assert.Equal(10, (await buckets.DrawAsync(name, quota, 0, 10, Start)).Granted);

        Assert.Equal(0, (await buckets.DrawAsync(name, quota, 0, 1, Start.AddSeconds(-30))).Granted);
        Assert.Equal(2, (await buckets.DrawAsync(name, quota, 0, 10, Start.AddSeconds(2))).Granted);
    }

    /// <summary>The script in Redis and the rules in Core are two writings of one thing.</summary>
    [Fact]
    public async Task Bucket_InRedis_GoesByTheRulesOfTheOneInCore()
    {
        await Gen.Select(Gen.Int[1, 100], Gen.Int[1, 60], Gen.Select(Gen.Int[0, 3_000], Gen.Int[0, 30], Gen.Int[0, 10]).Array[1, 30]).SampleAsync(async (limit, window, steps) =>
        {
            var quota = new Quota(limit, TimeSpan.FromSeconds(window));
            var (key, now, model) = ($"b-{Guid.NewGuid():n}", Start, TokenBucket.Full(quota, Start));
            foreach (var (pause, spent, wanted) in steps)
            {
                now = now.AddMilliseconds(pause);
                model = model.Spend(quota, spent, now);
                var answer = await buckets.DrawAsync(key, quota, spent, wanted, now);
                Assert.InRange(answer.Granted, Math.Min(wanted, Math.Floor(Math.Max(0, model.Tokens - 1e-6))), Math.Min(wanted, Math.Max(0, model.Tokens + 1e-6)));
                model = model with { Tokens = model.Tokens - answer.Granted };
                Assert.Equal(model.Tokens, answer.Bucket.Tokens, 1e-6);
            }
        }, iter: 50);
    }

    [Fact]
    public async Task Census_CountsThoseWhoAnsweredLately()
    {
        var (first, second) = (new ApiCensus(redis.Connection), new ApiCensus(redis.Connection));
        await redis.Connection.GetDatabase().KeyDeleteAsync("apis");

        Assert.Equal(1, await first.AnswerAsync(Start));
        Assert.Equal(2, await second.AnswerAsync(Start.AddSeconds(1)));
        Assert.Equal(1, await second.AnswerAsync(Start.AddSeconds(17)));
    }
}
