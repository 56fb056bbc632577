using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Tests.Access;
using Platform.Contracts.Jobs;
using Platform.Core.Privacy;
using Platform.SharedState.Privacy;
using Platform.Tests;

namespace Platform.Api.Tests.Jobs;

public sealed class JobPersonTests : IClassFixture<RedisServer>, IDisposable
{
    private readonly ApiHost host;
    private readonly HttpClient client;

    public JobPersonTests(RedisServer redis)
    {
        host = new ApiHost(redis) { Cluster = FakeJobs.Over(redis) };
        client = host.NewClient(ApiHost.AdminKey);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        client.Dispose();
        host.Dispose();
    }

    [Theory]
    [InlineData(1, HttpStatusCode.Accepted)]
    [InlineData(ErasureRules.MaxSubjectLength, HttpStatusCode.Accepted)]
    [InlineData(ErasureRules.MaxSubjectLength + 1, HttpStatusCode.BadRequest)]
    public async Task Person_WhomAJobIsAbout_IsHandedOnHashedOrRefusedByName(int length, HttpStatusCode expected)
    {
        var (person, model) = (new string('x', length), $"m-{Guid.NewGuid():n}");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs") { Content = JsonContent.Create(new { model, input = new { format = "jsonl" } }) };
        request.Headers.Add(ErasureRules.Header, person);

        using var answer = await client.SendAsync(request, Cancellation);

        Assert.Equal(expected, answer.StatusCode);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        if (expected is HttpStatusCode.BadRequest)
        {
            Assert.True(body.GetProperty("errors").TryGetProperty(ErasureRules.Header, out _));
            return;
        }

        var view = await host.Cluster!.GetGrain<IJobGrain>(body.GetProperty("id").GetString()!).GetAsync();
        Assert.Equal(host.Services.GetRequiredService<SubjectVault>().NameOf(person), view!.Job.Config.Subject);
    }
}
