using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Platform.Api.Conventions;
using Platform.Core.Access;

namespace Platform.Api.Access;

/// <summary>Takes a key from <c>Authorization: Bearer</c> or <c>X-Api-Key</c>.</summary>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> scheme, ILoggerFactory loggers, UrlEncoder encoder,
    IOptions<AccessOptions> access, KnownKeys keys, KeyUsage usage, AccessMetrics metrics)
    : AuthenticationHandler<AuthenticationSchemeOptions>(scheme, loggers, encoder)
{
    public const string SchemeName = "ApiKey";
    private const string KeyHeader = "X-Api-Key";
    private const int PresentedLengthMax = 1024;

    private static readonly ClaimsPrincipal Admin = new(
        Callers.Identity(SchemeName, KeyRules.ReservedName, KeyRules.ReservedName, Enum.GetValues<Role>(), models: null));

    private readonly byte[] adminKeyDigest = SHA256.HashData(Encoding.UTF8.GetBytes(access.Value.AdminKey));
    private KeyVerdict verdict = KeyVerdict.Unknown;
    private bool isPresented;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (PresentedKey() is not { Length: > 0 } key) return AuthenticateResult.NoResult();
        isPresented = true;
        if (key.Length > PresentedLengthMax) return AuthenticateResult.Fail("The key is too long to be one.");
        if (IsAdminKey(key)) return Success(Admin);
        (verdict, var known) = await keys.CheckAsync(key, Context.RequestAborted);
        if (verdict is not KeyVerdict.Valid) return AuthenticateResult.Fail($"The key is {verdict}.");
        usage.Note(known!.Key.Id);
        return Success(known.Principal);
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        metrics.Refused(isPresented ? verdict.ToString().ToLowerInvariant() : "no_key");
        if (Explain() is { } detail) RefusalDetail.Set(Context, detail);
        Response.StatusCode = verdict is KeyVerdict.Unverifiable ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status401Unauthorized;
        if (verdict is not KeyVerdict.Unverifiable) Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
        return Task.CompletedTask;
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        metrics.Refused("role");
        return base.HandleForbiddenAsync(properties);
    }

    /// <summary>Only to somebody who holds, or held, the secret.</summary>
    private string? Explain() => verdict switch
    {
        KeyVerdict.Expired => "This key has expired. Ask an admin for another one.",
        KeyVerdict.Revoked => "This key was revoked. Ask an admin for another one.",
        KeyVerdict.Replaced => "This key's secret was replaced and its overlap is over. Use the new one.",
        KeyVerdict.Unverifiable => "Keys cannot be checked just now: this Api has not reached the state store for too long. Try again.",
        _ => null,
    };

    // Digests have one length and are compared in constant time, so the answer's timing says nothing of the key.
    private bool IsAdminKey(string key) => CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(key)), adminKeyDigest);

    private static AuthenticateResult Success(ClaimsPrincipal principal) =>
        AuthenticateResult.Success(new AuthenticationTicket(principal, SchemeName));

    private string? PresentedKey() => BearerTokens.Find(Request) ?? Request.Headers[KeyHeader].ToString();
}
