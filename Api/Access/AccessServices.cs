using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Platform.Api.Serving;
using Platform.ServiceDefaults.Access;
using Platform.SharedState;

namespace Platform.Api.Access;

internal static class AccessServices
{
    /// <summary>Keys, tokens and roles. A route that names no policy still asks for a key: nothing is open by oversight.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddOptions<AccessOptions>().BindConfiguration(AccessOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddInternalKey().AddApiKeyFollower().AddSingleton<KnownKeys>().AddSingleton<AccessMetrics>().AddSingleton<ICallGate, ModelScopeGate>()
            .AddSingleton<KeyUsage>().AddHostedService(provider => provider.GetRequiredService<KeyUsage>());
        services.AddAuthentication(TokenServices.SelectorName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.SchemeName, null)
            .AddTokens();
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
            .AddRolePolicies();
        return services;
    }
}
