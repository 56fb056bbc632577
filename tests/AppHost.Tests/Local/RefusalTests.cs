using System.Net;
using System.Net.Sockets;

namespace AppHost.Tests.Local;

/// <summary>What is refused before anything is started.</summary>
public sealed class RefusalTests : LocalTest
{
    [Fact]
    public async Task Port_Taken_IsNamedWithTheWayOut()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var builder = LocalApp.CreateBuilder(Folder.Path, "--DcpPublisher:RandomizePorts=false");
        builder.AddRedis("redis");
        builder.AddProject<Dummy>("api").WithHttpEndpoint(port);

        var refusal = await Assert.ThrowsAsync<DistributedApplicationException>(() => LocalApp.StartAsync(builder, Cancellation));

        Assert.StartsWith($"Port {port} (api/http) is taken by another process. Stop it,", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--Ports:api:http", refusal.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(Folder.Path, "redis-data")), "Redis was started.");
    }

    [Fact]
    public async Task Port_Overridden_IsTheOneAskedFor()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        var builder = LocalApp.CreateBuilder(Folder.Path, $"--Ports:api:http={port}");
        builder.AddProject<Dummy>("api").WithHttpEndpoint(1);

        await using var app = await LocalApp.StartAsync(builder, Cancellation);

        Assert.Equal(port, app.Running.GetEndpoint("api").Port);
    }

    [Fact]
    public async Task DataFolder_InUse_IsRefusedWithItsOwner()
    {
        await using var first = await LocalApp.StartAsync(LocalApp.CreateBuilder(Folder.Path), Cancellation);

        var refusal = await Assert.ThrowsAsync<DistributedApplicationException>(() => LocalApp.StartAsync(LocalApp.CreateBuilder(Folder.Path), Cancellation));

        Assert.Contains(Folder.Path, refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"(process {Environment.ProcessId})", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replicas_WithFixedTargetPort_AreRefused()
    {
        var builder = LocalApp.CreateBuilder(Folder.Path);
        builder.AddProject<Dummy>("web").WithHttpEndpoint(targetPort: 8080).WithReplicas(2);

        await Assert.ThrowsAsync<InvalidOperationException>(() => LocalApp.StartAsync(builder, Cancellation));
    }

    [Fact]
    public void WaitFor_Itself_IsRefused()
    {
        var web = LocalApp.CreateBuilder(Folder.Path).AddProject<Dummy>("web");

        Assert.Throws<DistributedApplicationException>(() => web.WaitFor(web));
    }

    [Theory]
    [InlineData("-web")]
    [InlineData("web-")]
    [InlineData("we--b")]
    [InlineData("9web")]
    [InlineData("")]
    public void Name_AgainstTheRules_IsRefused(string name) =>
        Assert.ThrowsAny<ArgumentException>(() => LocalApp.CreateBuilder(Folder.Path).AddParameter(name));
}
