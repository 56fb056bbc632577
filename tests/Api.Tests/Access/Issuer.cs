using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Platform.Api.Tests.Access;

/// <summary>An OIDC issuer of the test's own: its keys in a file or at an address, and the tokens that it signs.</summary>
internal sealed class Issuer : IAsyncDisposable
{
    public const string Audience = "platform";
    private readonly RSA rsa = RSA.Create(2048);
    private readonly string folder = Directory.CreateTempSubdirectory("issuer-").FullName;
    private WebApplication? server;

    public Issuer() => File.WriteAllText(KeysFile, Keys);

    public string Name { get; private set; } = "https://issuer.test";

    public string KeysFile => Path.Combine(folder, "keys.json");

    private RsaSecurityKey Key => new(rsa) { KeyId = "one" };

    private string Keys
    {
        get
        {
            var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(rsa.ExportParameters(false)) { KeyId = "one" });
            return $$"""{"keys":[{"kty":"RSA","use":"sig","kid":"one","n":"{{key.N}}","e":"{{key.E}}"}]}""";
        }
    }

    /// <summary>What an Api needs to take this issuer's tokens from its file.</summary>
    public (string Key, string Value)[] FileSettings =>
    [
        ("Access:Tokens:KeysFile", KeysFile), ("Access:Tokens:Issuer", Name), ("Access:Tokens:Audience", Audience),
    ];

    /// <summary>Answers at an address of its own, as <c>/.well-known/openid-configuration</c> wants it.</summary>
    public async Task<(string Key, string Value)[]> ServeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        server = builder.Build();
        server.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = Name, jwks_uri = $"{Name}/keys" }));
        server.MapGet("/keys", () => Results.Text(Keys, "application/json"));
        await server.StartAsync();
        Name = server.Urls.Single();
        return [("Access:Tokens:Authority", Name), ("Access:Tokens:RequireHttps", "false"), ("Access:Tokens:Audience", Audience)];
    }

    public string Token(
        object? roles, string? issuer = null, string? audience = null, TimeSpan? expiresIn = null, SigningCredentials? signing = null, string? subject = "ann", params (string Name, object Value)[] claims)
    {
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        var all = claims.ToDictionary(claim => claim.Name, claim => claim.Value);
        if (roles is not null) all["roles"] = roles;
        if (subject is not null) all["sub"] = subject;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? Name,
            Audience = audience ?? Audience,
            IssuedAt = now.AddHours(-2),
            NotBefore = now.AddHours(-2),
            Expires = now + (expiresIn ?? TimeSpan.FromHours(1)),
            Claims = all,
            SigningCredentials = signing ?? new SigningCredentials(Key, SecurityAlgorithms.RsaSha256),
        });
    }

    /// <summary>A token that says it needs no signature.</summary>
    public string Unsigned()
    {
        var parts = Token(new[] { "admin" }).Split('.');
        return $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""")}.{parts[1]}.";
    }

    /// <summary>A token signed by HMAC with the issuer's public key, which everybody knows.</summary>
    public string SignedWithThePublicKey()
    {
        var pem = Encoding.UTF8.GetBytes(rsa.ExportSubjectPublicKeyInfoPem());
        return Token(new[] { "admin" }, signing: new SigningCredentials(new SymmetricSecurityKey(pem) { KeyId = "one" }, SecurityAlgorithms.HmacSha256));
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null) await server.DisposeAsync();
        rsa.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
