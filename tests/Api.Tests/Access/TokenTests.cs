using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;
using Platform.Tests;

namespace Platform.Api.Tests.Access;

/// <summary>Bearer tokens of an OIDC issuer beside the platform's keys.</summary>
public sealed class TokenTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("viewer", HttpStatusCode.OK, HttpStatusCode.Forbidden)]
    [InlineData("operator", HttpStatusCode.OK, HttpStatusCode.NotFound)]
    [InlineData("inference", HttpStatusCode.Forbidden, HttpStatusCode.NotFound)]
    [InlineData("gardener", HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    public async Task Token_MayWhatItsRolesInclude(string role, HttpStatusCode management, HttpStatusCode inference)
    {
        await using var issuer = new Issuer();
        using var host = new ApiHost(redis, issuer.FileSettings);

        Assert.Equal((management, inference), await AskAsync(host, issuer.Token(new[] { role })));
    }

    [Fact]
    public async Task Token_OfAnIssuerThatIsAskedForItsKeys_IsTaken()
    {
        await using var issuer = new Issuer();
        using var host = new ApiHost(redis, await issuer.ServeAsync());

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), await AskAsync(host, issuer.Token(new[] { "operator" })));
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(host, issuer.Token(new[] { "operator" }, issuer: "https://other.test"))).Management);
    }

    [Fact]
    public async Task Token_ThatIsNotInOrder_IsRefused()
    {
        await using var issuer = new Issuer();
        await using var stranger = new Issuer();
        using var host = new ApiHost(redis, issuer.FileSettings);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string[] admin = ["admin"];
        var good = issuer.Token(admin);
        var bad = new Dictionary<string, string>
        {
            ["wrong issuer"] = issuer.Token(admin, issuer: "https://other.test"),
            ["wrong audience"] = issuer.Token(admin, audience: "other"),
            ["expired"] = issuer.Token(admin, expiresIn: TimeSpan.FromMinutes(-1)),
            ["of another issuer's key"] = stranger.Token(admin),
            ["unsigned"] = issuer.Unsigned(),
            ["signed with the public key"] = issuer.SignedWithThePublicKey(),
            ["signed with an EC key nobody published"] = issuer.Token(admin, signing: new(new ECDsaSecurityKey(ec), SecurityAlgorithms.EcdsaSha256)),
            ["without a subject"] = issuer.Token(admin, subject: null),
            ["changed"] = Changed(good),
            ["without a signature"] = good[..(good.LastIndexOf('.') + 1)],
            ["not even a token"] = "a.b.c",
        };

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(host, good)).Management);
        foreach (var (what, token) in bad)
        {
            var (management, inference) = await AskAsync(host, token);
            Assert.True((management, inference) == (HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), $"A token that is {what}: {management}, {inference}");
        }
    }

    [Fact]
    public async Task Token_WithinTheClockSkew_IsTakenAndOneBeyondIsNot()
    {
        await using var issuer = new Issuer();
        using var host = new ApiHost(redis, [.. issuer.FileSettings, ("Access:Tokens:ClockSkew", "00:01:00")]);

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(host, issuer.Token(new[] { "viewer" }, expiresIn: TimeSpan.FromSeconds(-5)))).Management);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(host, issuer.Token(new[] { "viewer" }, expiresIn: TimeSpan.FromSeconds(-70)))).Management);
    }

    [Theory]
    [InlineData("realm_access.roles")]
    [InlineData("groups")]
    public async Task Roles_ComeFromTheConfiguredClaim(string claim)
    {
        await using var issuer = new Issuer();
        using var host = new ApiHost(redis, [.. issuer.FileSettings, ("Access:Tokens:RoleClaim", claim)]);
        var token = issuer.Token(
            null, claims: [("realm_access", new Dictionary<string, object> { ["roles"] = new[] { "viewer" } }), ("groups", "viewer other")]);

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(host, token)).Management);
        Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync(host, issuer.Token(new[] { "viewer" }))).Management);
    }

    [Fact]
    public async Task Token_LimitedToModels_ReachesThemOnly()
    {
        await using var issuer = new Issuer();
        using var host = new ApiHost(redis, issuer.FileSettings);

        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(host, issuer.Token(new[] { "inference" }, claims: ("models", new[] { "mine", "any" })))).Inference);
        Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync(host, issuer.Token(new[] { "inference" }, claims: ("models", new[] { "mine" })))).Inference);
        Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync(host, issuer.Token(new[] { "inference" }, claims: ("models", Array.Empty<string>())))).Inference);
    }

    [Theory]
    [InlineData("Access:Tokens:Audience", "")]
    [InlineData("Access:Tokens:Issuer", "")]
    [InlineData("Access:Tokens:Algorithms", "RS256,HS256")]
    [InlineData("Access:Tokens:ClockSkew", "01:00:00")]
    public async Task Settings_ThatWouldLetStrangersIn_AreRefusedAtTheStart(string key, string value)
    {
        await using var issuer = new Issuer();
        using var host = new ApiHost(redis, [.. issuer.FileSettings, (key, value)]);

        Assert.ThrowsAny<Exception>(() => host.Services);
    }

    /// <summary>The same token with one more role in its claims.</summary>
    private static string Changed(string token)
    {
        var parts = token.Split('.');
        var claims = Base64UrlEncoder.Decode(parts[1]).Replace("\"ann\"", "\"bob\"", StringComparison.Ordinal);
        return $"{parts[0]}.{Base64UrlEncoder.Encode(Encoding.UTF8.GetBytes(claims))}.{parts[2]}";
    }

    private static async Task<(HttpStatusCode Management, HttpStatusCode Inference)> AskAsync(ApiHost host, string token)
    {
        using var client = host.NewClient(token);
        using var management = await client.GetAsync("/v1/workers", Cancellation);
        using var inference = await client.GetAsync("/v2/models/any", Cancellation);
        return (management.StatusCode, inference.StatusCode);
    }
}
