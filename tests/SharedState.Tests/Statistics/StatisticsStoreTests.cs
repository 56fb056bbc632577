using System.Collections.Immutable;
using Platform.Core.Serving;
using Platform.SharedState.Statistics;
using Platform.Tests;

namespace Platform.SharedState.Tests.Statistics;

public sealed class StatisticsStoreTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private readonly string model = $"m-{Guid.NewGuid():n}";

    [Fact]
    public async Task Counts_OfManyWorkersAtOnce_AddUp()
    {
        var store = new StatisticsStore(redis.Connection);
        var at = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => store.AddAsync(model, "1.0.0", Counted(at))));
        var total = await store.ReadAsync(model, "1.0.0");

        Assert.Equal((200, 100, at), (total.Inferences, total.Executions, total.LastInference));
        Assert.Equal(new CountedTime(150, 500), total.Steps[CountedStep.Success]);
        Assert.Equal(default, total.Steps[CountedStep.Fail]);
        Assert.Equal([2, 8], total.Batches.Keys);
        Assert.Equal(new CountedTime(50, 50), total.Batches[8][CountedStep.ComputeInfer]);
    }

    [Fact]
    public async Task Counts_OfNobody_AreZeroAndOfOthersTheirOwn()
    {
        var store = new StatisticsStore(redis.Connection);
        await store.AddAsync(model, "1.0.0", Counted(DateTimeOffset.UnixEpoch));

        var other = await store.ReadAsync(model, "2.0.0");

        Assert.Equal((0, 0, null), (other.Inferences, other.Executions, other.LastInference));
        Assert.All(other.Steps.Values, time => Assert.Equal(default, time));
    }

    private static InferenceCounters Counted(DateTimeOffset at) => new(
        at, 4, 2, ImmutableDictionary<CountedStep, CountedTime>.Empty.Add(CountedStep.Success, new(3, 10)),
        ImmutableSortedDictionary<int, ImmutableDictionary<CountedStep, CountedTime>>.Empty.Add(2, Ran).Add(8, Ran));

    private static ImmutableDictionary<CountedStep, CountedTime> Ran { get; } =
        ImmutableDictionary<CountedStep, CountedTime>.Empty.Add(CountedStep.ComputeInfer, new(1, 1));
}
