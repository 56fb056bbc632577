using System.Collections.Frozen;
using System.Security.Claims;
using Microsoft.Extensions.Options;
using Platform.Core.Access;
using Platform.Core.Models;
using Platform.SharedState.Access;

namespace Platform.Api.Access;

/// <summary>A secret that was given out, with what its holder is.</summary>
internal sealed record KnownSecret(ApiKey Key, string Sha256, ClaimsPrincipal Principal);

/// <summary>Every key by the digest of its secret, in memory: checking one costs no round trip.</summary>
internal sealed class KnownKeys : IDisposable
{
    /// <summary>How long a caller with a key nobody knows waits for the latest ones; it may have been made a moment ago, by another Api.</summary>
    private static readonly TimeSpan RefreshLimit = TimeSpan.FromMilliseconds(500);

    private readonly PublishedSetFollower<ApiKey> follower;
    private readonly TimeSpan staleAfter;
    private readonly TimeProvider clock;
    private volatile FrozenDictionary<string, KnownSecret> secrets = FrozenDictionary<string, KnownSecret>.Empty;

    public KnownKeys(PublishedSetFollower<ApiKey> follower, IOptions<AccessOptions> options, TimeProvider clock)
    {
        (this.follower, staleAfter, this.clock) = (follower, options.Value.KeysStaleAfter, clock);
        follower.Changed += Adopt;
        Adopt();
    }

    /// <summary>Whether the holder of that secret may come in, and who that is.</summary>
    public async ValueTask<(KeyVerdict Verdict, KnownSecret? Known)> CheckAsync(string secret, CancellationToken cancellation)
    {
        if (!KeySecret.IsWellFormed(secret)) return (KeyVerdict.Unknown, null);
        var sha256 = KeySecret.Digest(secret);
        if (!secrets.TryGetValue(sha256, out var known))
        {
            await RefreshAsync(cancellation);
            secrets.TryGetValue(sha256, out known);
        }

        if (follower.Age is not { } age || age > staleAfter) return (KeyVerdict.Unverifiable, null);
        // A key that was made elsewhere just before Redis went away is not known here, and is not wrong either.
        if (known is null) return (follower.IsLost ? KeyVerdict.Unverifiable : KeyVerdict.Unknown, null);
        return (known.Key.Judge(sha256, clock.GetUtcNow()), known);
    }

    /// <summary>Looks for the latest keys.</summary>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(RefreshLimit);
        try
        {
            await follower.RefreshAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Redis is slow; what is known has to do.
        }
    }

    public void Dispose() => follower.Changed -= Adopt;

    private void Adopt() => secrets = follower.Records.Values
        .SelectMany(key => key.Secrets.Select(secret => new KnownSecret(key, secret.Sha256, ToPrincipal(key))))
        .DistinctBy(secret => secret.Sha256)
        .ToFrozenDictionary(secret => secret.Sha256);

    private static ClaimsPrincipal ToPrincipal(ApiKey key) => new(
        Callers.Identity(ApiKeyHandler.SchemeName, key.Id, key.Name, key.Roles, key.Models.IsEmpty ? null : key.Models.Where(Names.IsValid)));
}
