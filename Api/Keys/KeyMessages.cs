using System.Collections.Immutable;
using Platform.Api.Conventions;
using Platform.Core.Access;

namespace Platform.Api.Keys;

/// <param name="Roles">inference, viewer, operator, approver, admin; several are added up.</param>
/// <param name="Models">The models that the key is limited to; leave it out for all.</param>
/// <param name="ExpiresAt">When the key ends by itself; leave it out for never.</param>
public sealed record CreateKeyRequest(string? Name, ImmutableArray<string>? Roles, ImmutableArray<string>? Models, DateTimeOffset? ExpiresAt)
{
    internal KeyRequest ToRequest() => new(Name ?? "", Roles ?? [], Models ?? [], ExpiresAt);
}

/// <param name="Overlap">How long the present secret stays good beside the new one, "0s" to "30d"; 5 minutes when left out.</param>
public sealed record RotateKeyRequest(TimeSpan? Overlap);

/// <param name="Secret">On creation and rotation only, and never again: only its digest is kept.</param>
/// <param name="Prefix">The secret's first characters, to know a leaked one by.</param>
/// <param name="State">active, expired or revoked.</param>
/// <param name="Previous">The secret before the last rotation while it is still good.</param>
public sealed record KeyResponse(
    string Id,
    string Name,
    ImmutableArray<Role> Roles,
    ImmutableArray<string> Models,
    string Prefix,
    KeyState State,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt,
    DateTimeOffset? RevokedAt,
    string? RevokedBy,
    PreviousSecret? Previous,
    string Etag,
    string? Secret = null)
{
    internal static KeyResponse From(ApiKey key, DateTimeOffset now, DateTimeOffset? lastUsedAt, string? secret = null) => new(
        key.Id, key.Name, key.Roles, key.Models, key.Secrets[0].Prefix, key.StateAt(now), key.CreatedAt, key.CreatedBy, key.ExpiresAt,
        lastUsedAt, key.RevokedAt, key.RevokedBy,
        key.Secrets.Length > 1 && key.Secrets[1].ValidUntil > now ? new(key.Secrets[1].Prefix, key.Secrets[1].ValidUntil!.Value) : null,
        Etags.Format(key.Revision), secret);
}

public sealed record PreviousSecret(string Prefix, DateTimeOffset ValidUntil);
