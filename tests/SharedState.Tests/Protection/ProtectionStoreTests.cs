using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Platform.Core;
using Platform.Core.Protection;
using Platform.SharedState.Protection;
using Platform.Tests;

namespace Platform.SharedState.Tests.Protection;

public sealed class ProtectionStoreTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private readonly string model = $"m-{Guid.NewGuid():n}";

    private ProtectionStore Store => new(redis.Connection, SealedStores.TestSeal, TimeProvider.System);

    private string Key => $"protection:reference:{model}:1.0.0";

    [Fact]
    public async Task Reference_IsTheFirstProposedUntilADatasetReplacesIt()
    {
        await Store.ProposeAsync(model, "1.0.0", Profile(max: 1));
        await Store.ProposeAsync(model, "1.0.0", Profile(max: 2));
        await Store.ProposeAsync(model, "1.0.0", new SqueezeThresholds(0.25, 0.5, 500));
        Assert.Equal(1, (await Store.FindAsync(model, "1.0.0")).Profile!.Inputs[0].Max);
        Assert.Equal(new SqueezeThresholds(0.25, 0.5, 500), (await Store.FindAsync(model, "1.0.0")).Squeezing);

        await Store.ReplaceAsync(model, "1.0.0", Profile(max: 3));

        Assert.Equal(3, (await Store.FindAsync(model, "1.0.0")).Profile!.Inputs[0].Max);
        Assert.Null((await Store.FindAsync(model, "2.0.0")).Profile);
        await Store.RemoveAsync(model, "1.0.0");
        Assert.Null((await Store.FindAsync(model, "1.0.0")).Profile);
    }

    [Fact]
    public async Task NumbersThatRequestsHeld_AreSealedUnderTheirVersion()
    {
        await Store.ProposeAsync(model, "1.0.0", Profile(max: 77123.4567891));

        var contents = await RedisContents.ReadAsync(redis.Connection);
        Assert.Empty(RedisContents.Find(contents, "77123.4567891"u8.ToArray()));
        Assert.NotEmpty(RedisContents.Find(contents, Encoding.UTF8.GetBytes(Key)));
        var database = redis.Connection.GetDatabase();
        await database.HashSetAsync($"protection:reference:{model}:2.0.0", "profile", await database.HashGetAsync(Key, "profile"));
        await Assert.ThrowsAsync<InvalidDataException>(() => Store.FindAsync(model, "2.0.0"));
    }

    [Fact]
    public async Task Reference_ThatAnEarlierReleaseKeptOpen_IsStillRead()
    {
        await redis.Connection.GetDatabase().HashSetAsync(Key, "profile", JsonSerializer.Serialize(Profile(max: 4), PlatformJson.Options));

        Assert.Equal(4, (await Store.FindAsync(model, "1.0.0")).Profile!.Inputs[0].Max);
    }

    private static ReferenceProfile Profile(double max) => new(
        ReferenceProfile.FromRequests, DateTimeOffset.UnixEpoch, 500, [new InputBounds(0, max, 1, 1)], [0.5], [1], ImmutableArray.Create(1.0), 2, 3);
}
