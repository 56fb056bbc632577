using System.Security.Claims;

namespace Platform.Api.Conventions;

internal static class Actors
{
    /// <summary>The name under which a caller's doings are recorded.</summary>
    public static string ActorName(this ClaimsPrincipal user) =>
        user.Identity?.Name ?? throw new InvalidOperationException("A control call without a caller got past authorization.");
}
