using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Platform.AppHost.Garnet;

internal static class Checkpoint
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Asks the server for SAVE as any client would: its API has no call for it. The append-only file holds
    /// everything anyway, so a checkpoint that fails costs only a longer start.</summary>
    public static async Task TakeAsync(EngineSettings settings)
    {
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, settings.Port, timeout.Token);
            var stream = client.GetStream();
            if (settings.Password is { } password) await SendAsync(stream, timeout.Token, "AUTH", password);
            await SendAsync(stream, timeout.Token, "SAVE");
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException)
        {
            Console.Error.WriteLine($"No checkpoint at exit: {e.Message}");
        }
    }

    private static async Task SendAsync(NetworkStream stream, CancellationToken cancellationToken, params string[] words)
    {
        var command = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{words.Length}\r\n");
        foreach (var word in words)
            command.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        await stream.WriteAsync(Encoding.UTF8.GetBytes(command.ToString()), cancellationToken);
        using var reader = new StreamReader(stream, leaveOpen: true);
        var reply = await reader.ReadLineAsync(cancellationToken);
        if (reply is not ['+', ..]) throw new IOException($"{words[0]} was answered with {reply}.");
    }
}
