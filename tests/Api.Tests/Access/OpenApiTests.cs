using System.Net;
using Platform.Tests;

namespace Platform.Api.Tests.Access;

public sealed class OpenApiTests(RedisServer redis) : IClassFixture<RedisServer>
{
    [Fact]
    public async Task Contract_DescribesEveryRoute()
    {
        using var host = new ApiHost(redis);
        using var client = host.NewClient(ApiHost.AdminKey);

        using var answer = await client.GetAsync("/openapi/v1.json", TestContext.Current.CancellationToken);

        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
