using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Access;
using Platform.Core.Access;
using Platform.SharedState.Access;

namespace Platform.Api.Tests.Access;

/// <summary>Publishes keys as the key ring does, so that an Api without a silo knows them.</summary>
internal sealed class GivenKeys(IServiceProvider api)
{
    private static long revision;

    public static string NewSecret() => KeySecret.Create(RandomNumberGenerator.GetBytes(KeySecret.RandomBytes));

    /// <summary>The secret of a new key.</summary>
    public async Task<string> GiveAsync(Role[] roles, Func<ApiKey, ApiKey>? change = null, params string[] models)
    {
        var secret = NewSecret();
        var now = TimeProvider.System.GetUtcNow();
        var request = new KeyRequest("given", [.. roles.Select(role => role.ToName())], [.. models], null);
        var key = KeyRules.Create(
            $"k-{Guid.NewGuid():n}", request, new KeyDigest(KeySecret.Digest(secret), KeySecret.PrefixOf(secret), now), "test", now);
        await PublishAsync(change is null ? key : change(key));
        return secret;
    }

    public async Task PublishAsync(ApiKey key)
    {
        await api.GetRequiredService<ApiKeySet>().PutAsync(Interlocked.Increment(ref revision), key.Id, key);
        await api.GetRequiredService<KnownKeys>().RefreshAsync(CancellationToken.None);
    }
}
