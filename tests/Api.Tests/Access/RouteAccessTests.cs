using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Platform.Core.Access;
using Platform.Tests;

namespace Platform.Api.Tests.Access;

/// <summary>Deny by default: every mapped route × every role and state of a key, against the one table.</summary>
public sealed class RouteAccessTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private const string Mine = "mine";
    private const string Other = "other";
    private static readonly Role[] Roles = Enum.GetValues<Role>();

    /// <summary>What each call came to otherwise than the table says.</summary>
    private readonly List<string> wrong = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void EveryMappedRoute_HasALineInTheTable()
    {
        using var host = new ApiHost(redis);
        var mapped = RouteTable.Mapped(host.Services.GetRequiredService<EndpointDataSource>()).Order(StringComparer.Ordinal).ToArray();
        var listed = RouteTable.Read().Select(line => $"{line.Method} {line.Route}").Order(StringComparer.Ordinal).ToArray();

        var wrong = mapped.Except(listed).Select(route => $"{route}: say in routes.txt who may call it.")
            .Concat(listed.Except(mapped).Select(route => $"{route} is in routes.txt and is not mapped.")).ToArray();
        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
        Assert.Equal(listed.Distinct(), listed);
    }

    [Fact]
    public async Task KeyThatIsNoGood_OpensOpenRoutesOnly()
    {
        using var host = new ApiHost(redis);
        var keys = new GivenKeys(host.Services);
        var past = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        var noGood = new Dictionary<string, string?>
        {
            ["none"] = null,
            ["unknown"] = GivenKeys.NewSecret(),
            ["malformed"] = "a-key-that-nobody-gave-out-0123456789abcdef",
            ["token without an issuer"] = "a.b.c",
            ["expired"] = await keys.GiveAsync(Roles, key => key with { ExpiresAt = past }),
            ["revoked"] = await keys.GiveAsync(Roles, key => key with { RevokedAt = past, RevokedBy = "test" }),
            ["replaced"] = await keys.GiveAsync(Roles, key => key with { Secrets = [key.Secrets[0] with { Sha256 = new('0', 64) }, key.Secrets[0] with { ValidUntil = past }] }),
        };
        foreach (var (state, key) in noGood)
        {
            using var client = host.NewClient(key);
            foreach (var line in RouteTable.Read()) await AskAsync(host, client, line, Mine, line.IsOpen ? null : HttpStatusCode.Unauthorized, $"a key that is {state}");
        }

        AssertAsTheTableSays();
    }

    [Fact]
    public async Task Key_OpensWhatItsRoleIncludesAndNothingElse()
    {
        using var host = new ApiHost(redis);
        var keys = new GivenKeys(host.Services);
        foreach (var role in Roles)
        {
            using var client = host.NewClient(await keys.GiveAsync([role]));
            foreach (var line in RouteTable.Read())
                await AskAsync(host, client, line, Mine, Allows(line, role) ? null : HttpStatusCode.Forbidden, $"a key with the role {role}");
        }

        AssertAsTheTableSays();
    }

    [Fact]
    public async Task KeyWithTwoRoles_OpensWhatEitherIncludes()
    {
        using var host = new ApiHost(redis);
        using var client = host.NewClient(await new GivenKeys(host.Services).GiveAsync([Role.Inference, Role.Viewer]));
        foreach (var line in RouteTable.Read())
        {
            var allowed = Allows(line, Role.Inference) || Allows(line, Role.Viewer);
            await AskAsync(host, client, line, Mine, allowed ? null : HttpStatusCode.Forbidden, "a key with the roles inference and viewer");
        }

        AssertAsTheTableSays();
    }

    [Fact]
    public async Task KeyLimitedToAModel_OpensNothingOfAnother()
    {
        using var host = new ApiHost(redis);
        var keys = new GivenKeys(host.Services);
        foreach (var role in Roles.Where(role => role is not Role.Admin))
        {
            using var client = host.NewClient(await keys.GiveAsync([role], null, Mine));
            foreach (var line in RouteTable.Read())
            {
                var reachesMine = Allows(line, role) && (line.IsOpen || line.Scope != "none");
                var reachesOther = Allows(line, role) && (line.IsOpen || line.Scope == "free");
                await AskAsync(host, client, line, Mine, reachesMine ? null : HttpStatusCode.Forbidden, $"a {role} of this model");
                await AskAsync(host, client, line, Other, reachesOther ? null : HttpStatusCode.Forbidden, $"a {role} of another model");
            }
        }

        AssertAsTheTableSays();
    }

    [Fact]
    public async Task DeploymentsAdminKey_OpensEverything()
    {
        using var host = new ApiHost(redis);
        using var client = host.NewClient(ApiHost.AdminKey);
        foreach (var line in RouteTable.Read()) await AskAsync(host, client, line, Mine, null, "the admin key");

        AssertAsTheTableSays();
    }

    [Theory]
    [InlineData("/v1/models", "status")]
    [InlineData("/v2/models/any", "error")]
    public async Task Refusal_HasTheShapeOfItsSurface(string path, string field)
    {
        using var host = new ApiHost(redis);
        var keys = new GivenKeys(host.Services);
        foreach (var key in (string?[])[null, await keys.GiveAsync([path.StartsWith("/v1", StringComparison.Ordinal) ? Role.Inference : Role.Viewer])])
        {
            using var client = host.NewClient(key);
            using var answer = await client.GetAsync(path, Cancellation);
            Assert.Equal(key is null ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.True(JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).TryGetProperty(field, out _));
        }
    }

    private void AssertAsTheTableSays() => Assert.True(wrong.Count == 0, string.Join('\n', wrong));

    private static bool Allows(RouteLine line, Role role) => line.IsOpen || line.Role is not { } asked || role.Includes(asked);

    /// <param name="refused">How the call is to be refused; null when it is to get past access, whatever then becomes of it.</param>
    private async Task AskAsync(ApiHost host, HttpClient client, RouteLine line, string model, HttpStatusCode? refused, string who)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(line.Method), line.PathFor(model));
        if (line.Method is "POST" or "PUT" or "PATCH") request.Content = new StringContent("{}", Encoding.UTF8, RouteTable.ContentTypeOf(host.Services.GetRequiredService<EndpointDataSource>(), line));
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        var isRefused = answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;
        if (refused is { } status ? answer.StatusCode != status : isRefused)
            wrong.Add($"{line} with {who}: {answer.StatusCode} instead of {(refused is null ? "being let in" : refused.ToString())}.");
    }
}
