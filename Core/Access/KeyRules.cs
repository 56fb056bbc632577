using System.Collections.Immutable;
using Platform.Core.Models;
using Platform.Core.Results;

namespace Platform.Core.Access;

/// <summary>What somebody asks a new key to be.</summary>
/// <param name="Models">The models it is limited to; empty for all.</param>
public sealed record KeyRequest(string Name, ImmutableArray<string> Roles, ImmutableArray<string> Models, DateTimeOffset? ExpiresAt);

/// <summary>How keys come to be, change their secret and end.</summary>
public static class KeyRules
{
    public const int NameLengthMax = 64;
    public const int ModelsMax = 100;

    /// <summary>The name under which the deployment's own admin key appears in histories; nobody else may.</summary>
    public const string ReservedName = "admin";

    public static readonly TimeSpan OverlapMax = TimeSpan.FromDays(30);

    public static Refusal? Refuse(KeyRequest request, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > NameLengthMax || request.Name.Any(char.IsControl))
            return Refusal.Invalid("name", $"Give the key a name of 1 to {NameLengthMax} characters.");
        if (string.Equals(request.Name.Trim(), ReservedName, StringComparison.OrdinalIgnoreCase))
            return Refusal.Invalid("name", $"'{ReservedName}' is what the deployment's own key is called in histories. Choose another name.");
        if (request.Roles.IsDefaultOrEmpty) return Refusal.Invalid("roles", $"Give at least one role: {RoleNames}.");
        // Found by position, since what a caller sends may be null.
        if (request.Roles.FindFault(role => RoleRules.TryParse(role, out _)) is { } role)
            return Refusal.Invalid("roles", $"'{request.Roles[role]}' is no role. There are {RoleNames}.");
        if (request.Models.Length > ModelsMax) return Refusal.Invalid("models", $"A key is limited to at most {ModelsMax} models.");
        if (request.Models.FindFault(Names.IsValid) is { } model)
            return Refusal.Invalid("models", $"'{request.Models[model]}' is no model's name. {Names.Rule}");
        if (!request.Models.IsEmpty && request.Roles.Contains(Role.Admin.ToName()))
            return Refusal.Invalid("models", "An admin's key cannot be limited to models: keys and policies belong to none.");
        return request.ExpiresAt <= now ? Refusal.Invalid("expires_at", "Give a time in the future, or leave it out.") : null;
    }

    /// <summary>The key of a request that <see cref="Refuse"/> let pass.</summary>
    public static ApiKey Create(string id, KeyRequest request, KeyDigest secret, string actor, DateTimeOffset now) => new(
        id, request.Name.Trim(), [.. request.Roles.Select(Parse).Distinct().Order()], [.. request.Models.Distinct().Order(StringComparer.Ordinal)],
        [secret], now, actor, request.ExpiresAt, RevokedAt: null, RevokedBy: null, Revision: 1);

    /// <summary>
    /// Gives the key another secret; the present one stays good for <paramref name="overlap"/>. What an earlier rotation
    /// left over ends now, so that never more than two are good.
    /// </summary>
    public static Outcome<ApiKey> Rotate(ApiKey key, KeyDigest secret, TimeSpan overlap, DateTimeOffset now)
    {
        if (overlap < TimeSpan.Zero || overlap > OverlapMax)
            return Refusal.Invalid("overlap", $"Give how long the present secret stays good: \"0s\" to \"{OverlapMax.TotalDays:0}d\".");
        if (key.StateAt(now) is not KeyState.Active and var state)
            return Refusal.Conflict($"Key {key.Id} is {state.ToString().ToLowerInvariant()}; a new secret would be no good. Create another key.");
        return key with { Secrets = [secret, key.Secrets[0] with { ValidUntil = now + overlap }], Revision = key.Revision + 1 };
    }

    /// <summary>Revoking what is revoked changes nothing.</summary>
    public static ApiKey Revoke(ApiKey key, string actor, DateTimeOffset now) =>
        key.RevokedAt is null ? key with { RevokedAt = now, RevokedBy = actor, Revision = key.Revision + 1 } : key;

    /// <summary>Where the first one stands that is not in order; null if all are.</summary>
    private static int? FindFault(this ImmutableArray<string> texts, Predicate<string?> isInOrder)
    {
        for (var i = 0; i < texts.Length; i++)
        {
            if (!isInOrder(texts[i])) return i;
        }

        return null;
    }

    private static string RoleNames => string.Join(", ", Enum.GetValues<Role>().Select(RoleRules.ToName));

    private static Role Parse(string name) => RoleRules.TryParse(name, out var role) ? role : throw new ArgumentException($"'{name}' is no role.");
}
