using Microsoft.Extensions.DependencyInjection;

namespace AppHost.Tests.Local;

public sealed class TestingBuilderTests : LocalTest
{
    [Fact]
    public async Task Create_OfThisAppHost_StopsAtBuildWithItsResources()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [$"--Data:Folder={Folder.Path}", $"--ASPIRE_USER_SECRETS_ID={Path.GetFileName(Folder.Path)}"], Cancellation);

        Assert.Equal(Projects.AppHost.ProjectPath, builder.AppHostDirectory);
        Assert.Contains(builder.Resources, resource => resource.Name == "api");
        var added = builder.AddParameter("added", "by the test");
        await using var app = await builder.BuildAsync(Cancellation);
        Assert.Contains(added.Resource, app.Services.GetRequiredService<DistributedApplicationModel>().Resources);
    }

    [Fact]
    public async Task Start_OfThisAppHost_TakesOtherPublicPorts()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [$"--Data:Folder={Folder.Path}", $"--ASPIRE_USER_SECRETS_ID={Path.GetFileName(Folder.Path)}"], Cancellation);
        await using var app = await builder.BuildAsync(Cancellation);
        await app.StartAsync(Cancellation);

        await app.ResourceNotifications.WaitForResourceHealthyAsync("redis", Cancellation);

        Assert.NotEqual(5080, app.GetEndpoint("api").Port);
        Assert.NotEqual(5081, app.GetEndpoint("api", "grpc").Port);
        Assert.Matches("^localhost:[0-9]+,password=[A-Za-z0-9]{22}$", await app.GetConnectionStringAsync("redis", Cancellation));
    }
}
