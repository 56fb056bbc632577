using System.Collections.Immutable;
using System.Security.Claims;
using Platform.Core.Access;

namespace Platform.Api.Access;

/// <summary>Who calls, as claims: the one shape that keys, the admin key and tokens are brought into.</summary>
internal static class Callers
{
    private const string IdClaim = "platform.caller";
    private const string ModelClaim = "platform.model";
    private const string ScopedClaim = "platform.scoped";

    /// <param name="id">Tells callers apart whatever they are named: <c>admin</c>, a key's id, or <c>jwt:</c> and the subject.</param>
    /// <param name="name">What histories show.</param>
    /// <param name="models">The models that the caller is limited to; null for all.</param>
    public static ClaimsIdentity Identity(string scheme, string id, string name, IEnumerable<Role> roles, IEnumerable<string>? models)
    {
        var identity = new ClaimsIdentity([new(ClaimTypes.Name, name), new(IdClaim, id)], scheme);
        identity.AddClaims(RoleRules.Expand(roles).Select(role => new Claim(ClaimTypes.Role, role.ToName())));
        if (models is null) return identity;
        // Apart from the models themselves, so that a limit to none is not taken for none.
        identity.AddClaim(new(ScopedClaim, "true"));
        identity.AddClaims(models.Select(model => new Claim(ModelClaim, model)));
        return identity;
    }

    /// <summary>Tells callers apart whatever they are named; null for one who has not signed in.</summary>
    public static string? CallerId(this ClaimsPrincipal user) => user.FindFirst(IdClaim)?.Value;

    /// <summary>Whether the caller is limited to some models.</summary>
    public static bool IsScoped(this ClaimsPrincipal user) => user.FindFirst(ScopedClaim) is not null;

    /// <summary>The models that the caller is limited to; null for all.</summary>
    public static ImmutableArray<string>? Models(this ClaimsPrincipal user) =>
        user.IsScoped() ? [.. user.FindAll(ModelClaim).Select(claim => claim.Value)] : null;

    /// <summary>Whether the caller's key reaches that model.</summary>
    public static bool MayUse(this ClaimsPrincipal user, string model) => !user.IsScoped() || user.HasClaim(ModelClaim, model);
}
