using System.Text.Json;
using Platform.Core;
using Platform.Core.Protection;
using StackExchange.Redis;

namespace Platform.SharedState.Protection;

/// <summary>What a version's requests are held against; either part is null until enough requests have come for it.</summary>
public sealed record ProtectionReference(ReferenceProfile? Profile, SqueezeThresholds? Squeezing);

/// <summary>One reference a version, for all workers: the first that has one proposes it, a validation's dataset replaces it.</summary>
public sealed class ProtectionStore(IConnectionMultiplexer redis)
{
    private const string Profile = "profile";
    private const string Squeezing = "squeezing";

    public async Task<ProtectionReference> FindAsync(string model, string version)
    {
        var found = await redis.GetDatabase().HashGetAsync(Keys.ProtectionReference(model, version), [Profile, Squeezing]);
        return new(Parse<ReferenceProfile>(found[0]), Parse<SqueezeThresholds>(found[1]));
    }

    /// <summary>Makes it the version's unless it has one.</summary>
    public Task ProposeAsync(string model, string version, ReferenceProfile profile) =>
        redis.GetDatabase().HashSetAsync(Keys.ProtectionReference(model, version), Profile, Write(profile), When.NotExists);

    /// <summary>Makes them the version's unless it has some.</summary>
    public Task ProposeAsync(string model, string version, SqueezeThresholds thresholds) =>
        redis.GetDatabase().HashSetAsync(Keys.ProtectionReference(model, version), Squeezing, Write(thresholds), When.NotExists);

    /// <summary>In place of what there was, since a dataset is known to be clean and first requests are not.</summary>
    public Task ReplaceAsync(string model, string version, ReferenceProfile profile) =>
        redis.GetDatabase().HashSetAsync(Keys.ProtectionReference(model, version), Profile, Write(profile));

    private static string Write<T>(T value) => JsonSerializer.Serialize(value, PlatformJson.Options);

    private static T? Parse<T>(RedisValue json)
        where T : class => json.IsNullOrEmpty ? null : JsonSerializer.Deserialize<T>((string)json!, PlatformJson.Options);
}
