using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.ServiceDefaults;
using StackExchange.Redis;

namespace Platform.Api.Tests.Access;

/// <summary>The way to Redis is encrypted when its connection string says so.</summary>
public sealed class RedisTlsTests
{
    private const byte TlsHandshake = 0x16;

    [Theory]
    [InlineData(",ssl=true", true)]
    [InlineData("", false)]
    public async Task FirstByte_IsATlsHandshakeIfTheConnectionStringSaysSo(string option, bool isTls)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var accepted = listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken).AsTask();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("ConnectionStrings:redis", $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port},connectTimeout=500{option}")]);
        builder.AddRedisConnection();
        using var host = builder.Build();

        var connecting = Task.Run(host.Services.GetRequiredService<IConnectionMultiplexer>, TestContext.Current.CancellationToken);
        using var connection = await accepted;
        var first = new byte[1];
        await connection.GetStream().ReadExactlyAsync(first, TestContext.Current.CancellationToken);

        Assert.Equal(isTls, first[0] == TlsHandshake);
        await (await connecting).DisposeAsync();
    }
}
