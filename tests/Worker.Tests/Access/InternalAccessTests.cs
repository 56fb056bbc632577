using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Platform.SharedState.Workers;
using Platform.Worker.Tests.Support;

namespace Platform.Worker.Tests.Access;

/// <summary>A worker answers nobody who lacks the internal key, on whatever route.</summary>
public sealed partial class InternalAccessTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("an internal key that only tests use, long enougH")]
    public async Task EveryMappedRoute_WithoutTheInternalKey_Is401(string? key)
    {
        await using var worker = await WorkerHost.StartAsync();
        var routes = worker.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToArray();
        Assert.True(routes.Length >= 4, "The worker maps hardly anything.");

        foreach (var route in routes)
        foreach (var method in route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(worker, method, Parameter().Replace(route.RoutePattern.RawText!, "1"), key));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(worker, "GET", "/nothing", key));
    }

    [Fact]
    public async Task KnownKey_GetsPast()
    {
        await using var worker = await WorkerHost.StartAsync();

        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(worker, "GET", "/nothing", WorkerHost.Key));
    }

    private static async Task<HttpStatusCode> AskAsync(WorkerHost worker, string method, string path, string? key)
    {
        using var client = new HttpClient { BaseAddress = worker.Address };
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path);
        if (key is not null) request.Headers.TryAddWithoutValidation(WorkerProtocol.KeyHeader, key);
        using var answer = await client.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
