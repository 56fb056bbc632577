using System.Net;
using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Access;
using Platform.Api.Serving;
using Platform.Api.Tests.Access;
using Platform.Core.Access;
using Platform.Core.Limits;
using Platform.SharedState.Access;
using Platform.SharedState.Limits;
using Platform.Tests;

namespace Platform.Api.Tests.Limits;

/// <summary>Limits as callers meet them at the front door.</summary>
public sealed class LimitEnforcementTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static long revision;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Key_OverItsRequests_Is429WithTheStandardHeaders()
    {
        using var host = NewHost();
        var (client, id) = await NewCallerAsync(host);
        await LimitAsync(host, LimitSubject.OfCaller(id), new(new(2, Hour), null, null));

        using var first = await client.GetAsync("/v1/workers", Cancellation);
        using var second = await client.GetAsync("/v1/workers", Cancellation);
        using var third = await client.GetAsync("/v1/workers", Cancellation);

        Assert.Equal([200, 200, 429], new[] { first, second, third }.Select(answer => (int)answer.StatusCode));
        Assert.Equal("\"key-requests\";q=2;w=3600", Header(first, "RateLimit-Policy"));
        Assert.Equal("\"key-requests\";r=1;t=0", Header(first, "RateLimit"));
        Assert.StartsWith("\"key-requests\";r=0;t=", Header(third, "RateLimit"), StringComparison.Ordinal);
        Assert.InRange(third.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 1800);
        Assert.Equal("application/problem+json", third.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Model_OverItsRequests_Is429ForEverybodyAndOtherModelsAreNot()
    {
        using var host = NewHost();
        var model = $"m-{Guid.NewGuid():n}";
        await LimitAsync(host, LimitSubject.OfModel(model), new(new(1, Hour), null, null));
        var (ann, _) = await NewCallerAsync(host);
        var (bob, _) = await NewCallerAsync(host);

        using var first = await InferAsync(ann, model);
        using var second = await InferAsync(bob, model);
        using var elsewhere = await InferAsync(bob, "elsewhere");

        Assert.Equal([404, 429, 404], new[] { first, second, elsewhere }.Select(answer => (int)answer.StatusCode));
        Assert.True(JsonElement.Parse(await second.Content.ReadAsStringAsync(Cancellation)).TryGetProperty("error", out _));
        Assert.False(elsewhere.Headers.Contains("RateLimit"));
    }

    [Fact]
    public async Task Key_OverItsBytes_Is429OnceTheyAreCounted()
    {
        using var host = NewHost();
        var (client, id) = await NewCallerAsync(host);
        await LimitAsync(host, LimitSubject.OfCaller(id), new(null, new(1_000, Hour), null));

        using var first = await InferAsync(client, "any", new string(' ', 1_500));
        using var second = await InferAsync(client, "any");

        Assert.Equal([404, 429], new[] { first, second }.Select(answer => (int)answer.StatusCode));
        Assert.Equal("\"key-bytes\";q=1000;w=3600;qu=\"content-bytes\"", Header(second, "RateLimit-Policy"));
    }

    [Fact]
    public async Task CallOfAnotherProtocol_IsHeldToTheModelsOfItsKeyAndToTheirLimits()
    {
        using var host = NewHost();
        var model = $"m-{Guid.NewGuid():n}";
        await LimitAsync(host, LimitSubject.OfModel(model), new(new(1, Hour), null, null));
        var caller = new ClaimsPrincipal(Callers.Identity("test", "k-1", "ann", [Role.Inference], [model]));
        var path = host.Services.GetRequiredService<InferencePath>();

        var answers = new List<int>();
        foreach (var name in (string[])[model, model, "another"])
        {
            var call = new InferenceCall { Model = name, RequestId = "1", Caller = caller, Body = ReadOnlyMemory<byte>.Empty };
            answers.Add((await path.AskAsync(call, Cancellation)).Status);
        }

        Assert.Equal([404, 429, 403], answers);
    }

    [Fact]
    public async Task Limit_ThatIsLifted_HoldsNobody()
    {
        using var host = NewHost();
        var (client, id) = await NewCallerAsync(host);
        await LimitAsync(host, LimitSubject.OfCaller(id), new(new(1, Hour), null, null));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1/workers", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await client.GetAsync("/v1/workers", Cancellation)).StatusCode);

        await host.Services.GetRequiredService<LimitSet>().RemoveAsync(Interlocked.Increment(ref revision), LimitSubject.OfCaller(id));
        await RefreshAsync(host);

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1/workers", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Health_IsNotLimited()
    {
        using var host = NewHost();
        var (client, id) = await NewCallerAsync(host);
        await LimitAsync(host, LimitSubject.OfCaller(id), new(new(1, Hour), null, null));
        using var nobody = host.NewClient(null);

        for (var i = 0; i < 5; i++) Assert.Equal(HttpStatusCode.OK, (await nobody.GetAsync("/alive", Cancellation)).StatusCode);
        client.Dispose();
    }

    /// <summary>On a real port, since the inference route needs a real server's features.</summary>
    private ApiHost NewHost()
    {
        var address = $"http://127.0.0.1:{ListeningApi.FreePort()}";
        var host = new ApiHost(redis, ("urls", address)) { Address = new(address) };
        host.UseKestrel();
        host.StartServer();
        return host;
    }

    private static async Task<(HttpClient Client, string Id)> NewCallerAsync(ApiHost host)
    {
        var id = "";
        var secret = await new GivenKeys(host.Services).GiveAsync([Role.Operator], key =>
        {
            id = key.Id;
            return key;
        });
        return (host.NewClient(secret), id);
    }

    private static async Task LimitAsync(ApiHost host, string subject, LimitPolicy policy)
    {
        var number = Interlocked.Increment(ref revision);
        await host.Services.GetRequiredService<LimitSet>().PutAsync(number, subject, policy with { Revision = number });
        await RefreshAsync(host);
    }

    private static Task RefreshAsync(ApiHost host) => host.Services.GetRequiredService<PublishedSetFollower<LimitPolicy>>().RefreshAsync(Cancellation);

    private static Task<HttpResponseMessage> InferAsync(HttpClient client, string model, string body = "{}") =>
        client.PostAsync($"/v2/models/{model}/infer", new StringContent(body, Encoding.UTF8, "application/json"), Cancellation);

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();
}
