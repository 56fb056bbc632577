using System.Collections.Immutable;

namespace Platform.Core.Access;

/// <summary>A secret of a key as it is stored.</summary>
/// <param name="Sha256">Digest of the secret, lower-case hex.</param>
/// <param name="Prefix">The secret's first characters, to know a leaked one by.</param>
/// <param name="ValidUntil">When it ends because a rotation replaced it; null for the present one.</param>
public sealed record KeyDigest(string Sha256, string Prefix, DateTimeOffset CreatedAt, DateTimeOffset? ValidUntil = null);

/// <summary>A key without its secret: what the control plane stores and every Api knows.</summary>
/// <param name="Models">The models it is limited to; empty for all.</param>
/// <param name="Secrets">The present one first; behind it, while a rotation overlaps, the one before.</param>
public sealed record ApiKey(
    string Id,
    string Name,
    ImmutableArray<Role> Roles,
    ImmutableArray<string> Models,
    ImmutableArray<KeyDigest> Secrets,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? RevokedAt,
    string? RevokedBy,
    long Revision)
{
    public KeyState StateAt(DateTimeOffset now) =>
        RevokedAt is not null ? KeyState.Revoked : ExpiresAt <= now ? KeyState.Expired : KeyState.Active;

    /// <summary>Whether somebody who shows the secret of that digest may come in.</summary>
    public KeyVerdict Judge(string sha256, DateTimeOffset now) => StateAt(now) switch
    {
        KeyState.Revoked => KeyVerdict.Revoked,
        KeyState.Expired => KeyVerdict.Expired,
        _ => JudgeSecret(Secrets.FirstOrDefault(secret => secret.Sha256 == sha256), now),
    };

    private static KeyVerdict JudgeSecret(KeyDigest? secret, DateTimeOffset now) =>
        secret is null ? KeyVerdict.Unknown : secret.ValidUntil <= now ? KeyVerdict.Replaced : KeyVerdict.Valid;
}

/// <summary>Where a key stands in its life.</summary>
public enum KeyState
{
    Active,
    Expired,
    Revoked,
}

/// <summary>What came of checking a secret.</summary>
public enum KeyVerdict
{
    Valid,

    /// <summary>Nobody was given this secret, or it is long gone.</summary>
    Unknown,
    Expired,
    Revoked,

    /// <summary>A rotation replaced it and the overlap is over.</summary>
    Replaced,

    /// <summary>The Api has not heard from the state store for so long that it does not know what holds.</summary>
    Unverifiable,
}
