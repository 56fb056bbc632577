using Platform.SharedState.Plans;
using Platform.Tests;

namespace Platform.SharedState.Tests;

public sealed class VersionNumbersTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private readonly string model = $"m-{Guid.NewGuid():n}";

    [Fact]
    public async Task Numbers_AreGivenInOrderAndNeverChange()
    {
        var numbers = new VersionNumbers(redis.Connection);

        var first = await numbers.AssignAsync(model, ["1.0.0", "2.0.0"]);
        var second = await numbers.AssignAsync(model, ["2.0.0", "1.5.0"]);

        Assert.Equal((1, 2), (first["1.0.0"], first["2.0.0"]));
        Assert.Equal((1, 2, 3), (second["1.0.0"], second["2.0.0"], second["1.5.0"]));
    }

    [Fact]
    public async Task Numbers_AskedForByManyAtOnce_AreOneForEach()
    {
        string[] versions = [.. Enumerable.Range(0, 8).Select(i => $"1.{i}.0")];

        var seen = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => new VersionNumbers(redis.Connection).AssignAsync(model, versions.Skip(i % 3).Reverse())));
        var final = await new VersionNumbers(redis.Connection).AssignAsync(model, versions);

        Assert.Equal(Enumerable.Range(1, 8), final.Values.Order());
        Assert.All(seen.SelectMany(one => one), one => Assert.Equal(final[one.Key], one.Value));
    }
}
