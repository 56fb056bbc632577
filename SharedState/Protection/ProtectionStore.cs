using System.Text.Json;
using Platform.Core;
using Platform.Core.Protection;
using Platform.SharedState.Sealing;
using StackExchange.Redis;

namespace Platform.SharedState.Protection;

/// <summary>What a version's requests are held against; either part is null until enough requests have come for it.</summary>
public sealed record ProtectionReference(ReferenceProfile? Profile, SqueezeThresholds? Squeezing);

/// <summary>
/// One reference a version, for all workers: the first that has one proposes it, a validation's dataset replaces it. Its
/// bounds are numbers that requests held, so it is sealed.
/// </summary>
public sealed class ProtectionStore(IConnectionMultiplexer redis, DataSeal seal, TimeProvider clock)
{
    private const string Profile = "profile";
    private const string Squeezing = "squeezing";

    public async Task<ProtectionReference> FindAsync(string model, string version)
    {
        var found = await redis.GetDatabase().HashGetAsync(Keys.ProtectionReference(model, version), [Profile, Squeezing]);
        return new(Parse<ReferenceProfile>(NameOf(model, version, Profile), found[0]), Parse<SqueezeThresholds>(NameOf(model, version, Squeezing), found[1]));
    }

    /// <summary>Makes it the version's unless it has one.</summary>
    public Task ProposeAsync(string model, string version, ReferenceProfile profile) => WriteAsync(model, version, Profile, profile, When.NotExists);

    /// <summary>Makes them the version's unless it has some.</summary>
    public Task ProposeAsync(string model, string version, SqueezeThresholds thresholds) => WriteAsync(model, version, Squeezing, thresholds, When.NotExists);

    /// <summary>In place of what there was, since a dataset is known to be clean and first requests are not.</summary>
    public Task ReplaceAsync(string model, string version, ReferenceProfile profile) => WriteAsync(model, version, Profile, profile, When.Always);

    /// <summary>Forgets what a version that is gone was held against.</summary>
    public Task RemoveAsync(string model, string version) => redis.GetDatabase().KeyDeleteAsync(Keys.ProtectionReference(model, version));

    private Task<bool> WriteAsync<T>(string model, string version, string part, T value, When when) => redis.GetDatabase().HashSetAsync(
        Keys.ProtectionReference(model, version), part,
        seal.Seal(SealPurposes.ProtectionReference, NameOf(model, version, part), JsonSerializer.SerializeToUtf8Bytes(value, PlatformJson.Options), clock.GetUtcNow()),
        when);

    private T? Parse<T>(string name, RedisValue box)
        where T : class
    {
        if (box.IsNullOrEmpty) return null;
        var bytes = (byte[])box!;
        // An earlier release kept them open, and references are kept for good.
        var json = bytes[0] == '{' ? bytes : seal.Open(SealPurposes.ProtectionReference, name, bytes);
        return JsonSerializer.Deserialize<T>(json, PlatformJson.Options);
    }

    private static string NameOf(string model, string version, string part) => $"{model}@{version}/{part}";
}
