using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;

namespace Aspire.Hosting.Redis;

/// <summary>An authenticated PING: a Redis that is still loading its data, or wants another password, is not healthy.</summary>
internal sealed class RedisProbe(RedisResource redis) : IHealthProbe
{
    public async Task<string?> FindFaultAsync(ReplicaPorts ports, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", ports[RedisResource.PrimaryEndpointName], cancellationToken);
        var stream = client.GetStream();
        if (redis.PasswordParameter is { } password
            && await AskAsync(stream, cancellationToken, "AUTH", await password.GetValueAsync(cancellationToken) ?? "") is not "+OK" and var refusal)
            return $"AUTH was answered with {refusal}";
        return await AskAsync(stream, cancellationToken, "PING") is not "+PONG" and var reply ? $"PING was answered with {reply}" : null;
    }

    private static async Task<string?> AskAsync(NetworkStream stream, CancellationToken cancellationToken, params string[] words)
    {
        var command = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{words.Length}\r\n");
        foreach (var word in words)
            command.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        await stream.WriteAsync(Encoding.UTF8.GetBytes(command.ToString()), cancellationToken);
        using var reader = new StreamReader(stream, leaveOpen: true);
        return await reader.ReadLineAsync(cancellationToken);
    }
}
