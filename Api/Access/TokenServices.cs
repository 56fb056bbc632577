using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Platform.Api.Conventions;

namespace Platform.Api.Access;

/// <summary>Tokens of an OIDC issuer beside the platform's own keys.</summary>
internal static class TokenServices
{
    public const string SchemeName = "Token";

    /// <summary>Sends each request to the scheme that its credential belongs to.</summary>
    public const string SelectorName = "KeyOrToken";

    public static AuthenticationBuilder AddTokens(this AuthenticationBuilder authentication)
    {
        var services = authentication.Services;
        services.AddOptions<TokenOptions>().BindConfiguration(TokenOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<JwtBearerOptions>(SchemeName).Configure<IOptions<TokenOptions>>((bearer, tokens) => Configure(bearer, tokens.Value));
        return authentication.AddJwtBearer(SchemeName, _ => { }).AddPolicyScheme(SelectorName, null, selector =>
            selector.ForwardDefaultSelector = context => IsToken(context) ? SchemeName : ApiKeyHandler.SchemeName);
    }

    /// <summary>A token is three parts with dots between them; a key of ours has no dot. Without an issuer there are no tokens.</summary>
    private static bool IsToken(HttpContext context) =>
        BearerTokens.Find(context.Request) is { } bearer && bearer.Count('.') == 2
        && context.RequestServices.GetRequiredService<IOptions<TokenOptions>>().Value.IsOn;

    private static void Configure(JwtBearerOptions bearer, TokenOptions tokens)
    {
        if (!tokens.IsOn) return;
        (bearer.Authority, bearer.RequireHttpsMetadata) = (tokens.Authority, tokens.RequireHttps);
        if (tokens.MetadataAddress is not null) bearer.MetadataAddress = tokens.MetadataAddress;
        // Claims keep the names that the issuer gave them.
        bearer.MapInboundClaims = false;
        bearer.IncludeErrorDetails = false;
        bearer.TokenValidationParameters = new()
        {
            ValidIssuer = tokens.Issuer,
            ValidateIssuer = true,
            ValidAudience = tokens.Audience,
            ValidateAudience = true,
            ValidAlgorithms = tokens.AlgorithmList,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ValidateLifetime = true,
            ValidateIssuerSigningKey = true,
            ClockSkew = tokens.ClockSkew,
            IssuerSigningKeys = tokens.KeysFile is null ? null : JsonWebKeySet.Create(File.ReadAllText(tokens.KeysFile)).GetSigningKeys(),
        };
        bearer.Events = new() { OnTokenValidated = context => Adopt(context, tokens), OnChallenge = CountAsync, OnForbidden = CountForbiddenAsync };
    }

    private static Task Adopt(TokenValidatedContext context, TokenOptions tokens)
    {
        // An empty list becomes no claim at all, and would look like no limit.
        var isScoped = context.SecurityToken is JsonWebToken token && token.TryGetPayloadValue<object>(tokens.ModelsClaim.Split('.')[0], out _);
        if (TokenIdentity.Read(context.Principal!, isScoped, SchemeName, tokens, out var reason) is { } identity) context.Principal = new ClaimsPrincipal(identity);
        else context.Fail(reason!);
        return Task.CompletedTask;
    }

    private static Task CountAsync(JwtBearerChallengeContext context)
    {
        context.HttpContext.RequestServices.GetRequiredService<AccessMetrics>().Refused("invalid_token");
        RefusalDetail.Set(context.HttpContext, context.AuthenticateFailure is SecurityTokenExpiredException
            ? "This token has expired. Get another one from your issuer."
            : "This token is not one that the platform takes. Look at its issuer, audience and signature.");
        return Task.CompletedTask;
    }

    private static Task CountForbiddenAsync(ForbiddenContext context)
    {
        context.HttpContext.RequestServices.GetRequiredService<AccessMetrics>().Refused("role");
        return Task.CompletedTask;
    }
}
