using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace Platform.Api.Access;

internal static class AccessServices
{
    /// <summary>Keys and roles. A route that names no policy still asks for a key: nothing is open by oversight.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddOptions<AccessOptions>().BindConfiguration(AccessOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddAuthentication(ApiKeyHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null);
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
            .AddPolicy(Roles.Inference, policy => policy.RequireRole(Roles.Inference))
            .AddPolicy(Roles.Viewer, policy => policy.RequireRole(Roles.Viewer, Roles.Operator, Roles.Approver, Roles.Admin))
            .AddPolicy(Roles.Operator, policy => policy.RequireRole(Roles.Operator, Roles.Approver, Roles.Admin))
            .AddPolicy(Roles.Approver, policy => policy.RequireRole(Roles.Approver, Roles.Admin))
            .AddPolicy(Roles.Admin, policy => policy.RequireRole(Roles.Admin));
        return services;
    }
}
