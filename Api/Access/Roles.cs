using Microsoft.AspNetCore.Authorization;
using Platform.Core.Access;

namespace Platform.Api.Access;

/// <summary>The policies that routes name: what a caller must be for them.</summary>
internal static class Roles
{
    /// <summary>Inference and feedback only.</summary>
    public const string Inference = "inference";

    /// <summary>Reads of the management interface.</summary>
    public const string Viewer = "viewer";

    /// <summary>Registers, deploys, rolls out; reads too.</summary>
    public const string Operator = "operator";

    /// <summary>Approves for production; what an operator may, too.</summary>
    public const string Approver = "approver";

    /// <summary>Everything.</summary>
    public const string Admin = "admin";

    /// <summary>A policy for each role, of its name. Callers carry all roles that theirs amount to.</summary>
    public static AuthorizationBuilder AddRolePolicies(this AuthorizationBuilder authorization)
    {
        foreach (var role in Enum.GetValues<Role>()) authorization.AddPolicy(role.ToName(), policy => policy.RequireRole(role.ToName()));
        return authorization;
    }
}
