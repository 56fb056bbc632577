using Microsoft.Extensions.Options;
using Platform.Contracts.Access;
using Platform.Core.Access;
using Platform.Core.Results;
using Platform.SharedState.Access;
using Platform.Silo.Storage;

namespace Platform.Silo.Keys;

internal sealed partial class KeyRingGrain(
    [PersistentState("keys")] IPersistentState<KeyRingState> stored,
    ApiKeySet published,
    ApiKeyUses uses,
    IOptions<KeyOptions> options,
    TimeProvider clock,
    ILogger<KeyRingGrain> logger) : Grain, IKeyRingGrain
{
    private KeyRingState Current => stored.State;

    public async Task<Outcome<ApiKey>> CreateAsync(KeyRequest request, KeyDigest secret, string actor)
    {
        var now = clock.GetUtcNow();
        if (KeyRules.Refuse(request, now) is { } refusal) return refusal;
        var kept = Current.WithoutEndedBefore(now - options.Value.KeepEnded);
        if (kept.Keys.Count >= options.Value.MaxKeys)
            return new Refusal(RefusalReason.LimitReached, $"There are {kept.Keys.Count} keys, and Keys:MaxKeys allows no more.");
        var key = KeyRules.Create($"k-{Guid.CreateVersion7(now):n}", request, secret, actor, now);
        var gone = Current.Keys.Keys.Except(kept.Keys.Keys).ToArray();
        await SaveAsync(kept.With(key), key);
        foreach (var id in gone)
        {
            await published.RemoveAsync(Current.Revision, id);
            await uses.ForgetAsync(id);
        }

        LogCreated(key.Id, actor);
        return key;
    }

    public Task<Outcome<ApiKey>> GetAsync(string id) =>
        Task.FromResult<Outcome<ApiKey>>(Current.Keys.TryGetValue(id, out var key) ? key : Unknown(id));

    public Task<Page<ApiKey>> ListAsync(KeyState? state, int pageSize, string? pageToken)
    {
        var now = clock.GetUtcNow();
        var rest = Current.Keys.Values
            .Where(key => pageToken is null || string.CompareOrdinal(key.Id, pageToken) > 0)
            .Where(key => state is null || key.StateAt(now) == state)
            .Take(pageSize + 1).ToArray();
        return Task.FromResult(new Page<ApiKey>([.. rest.Take(pageSize)], rest.Length > pageSize ? rest[pageSize - 1].Id : null));
    }

    public async Task<Outcome<ApiKey>> RotateAsync(string id, KeyDigest secret, TimeSpan overlap, long? expectedRevision)
    {
        if (!Find(id, expectedRevision).Succeeded(out var key, out var refusal)) return refusal;
        if (!KeyRules.Rotate(key, secret, overlap, clock.GetUtcNow()).Succeeded(out var rotated, out var invalid)) return invalid;
        await SaveAsync(Current.With(rotated), rotated);
        LogRotated(id);
        return rotated;
    }

    public async Task<Outcome<ApiKey>> RevokeAsync(string id, long? expectedRevision, string actor)
    {
        if (!Find(id, expectedRevision).Succeeded(out var key, out var refusal)) return refusal;
        var revoked = KeyRules.Revoke(key, actor, clock.GetUtcNow());
        // Asked for again, it is published again: the first attempt may have been written and then cut short.
        await SaveAsync(ReferenceEquals(revoked, key) ? Current : Current.With(revoked), revoked);
        LogRevoked(id, actor);
        return revoked;
    }

    public async Task ReconcileAsync()
    {
        if (await published.RevisionAsync() == Current.Revision) return;
        await published.ReplaceAsync(Current.Revision, Current.Keys);
        LogPublished(Current.Keys.Count);
    }

    private Outcome<ApiKey> Find(string id, long? expectedRevision)
    {
        if (!Current.Keys.TryGetValue(id, out var key)) return Unknown(id);
        return expectedRevision is { } expected && expected != key.Revision
            ? new Refusal(RefusalReason.PreconditionFailed, $"Key {id} is at etag \"{key.Revision}\", not \"{expected}\". Read it again.")
            : key;
    }

    private static Refusal Unknown(string id) => Refusal.NotFound($"There is no key {id}.");

    /// <summary>Writes the state, then tells the Apis; should the telling fail, the caller hears of it and reconciling does it.</summary>
    private async Task SaveAsync(KeyRingState next, ApiKey changed)
    {
        if (!ReferenceEquals(next, Current)) await stored.WriteAsync(next, DeactivateOnIdle);
        await published.PutAsync(Current.Revision, changed.Id, changed);
    }

    [LoggerMessage(LogLevel.Information, "Key {Id} was created by {Actor}.")]
    private partial void LogCreated(string id, string actor);

    [LoggerMessage(LogLevel.Information, "Key {Id} was given another secret.")]
    private partial void LogRotated(string id);

    [LoggerMessage(LogLevel.Information, "Key {Id} was revoked by {Actor}.")]
    private partial void LogRevoked(string id, string actor);

    [LoggerMessage(LogLevel.Information, "All {Count} keys were published again: what Apis could see was not the latest.")]
    private partial void LogPublished(int count);
}
