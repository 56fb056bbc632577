using System.Net.Sockets;
using System.Text;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>Callers that stop in the middle, whom nobody else is to notice.</summary>
public sealed class SilentClientTests(SharedPlatform shared)
{
    private const int Silent = 40;
    private readonly HttpClient api = shared.Platform.Api;
    private readonly string model = $"m-{Guid.NewGuid():n}";

    [Theory]
    [InlineData(Silence.HalfABody)]
    [InlineData(Silence.ResetInABody)]
    [InlineData(Silence.NeverReads)]
    public async Task Clients_WhoStopInTheMiddle_TakeNobodysPlace(Silence silence)
    {
        await DigitsData.RegisterAsync(api, model, "2.0.0", "2.0.0");
        // Two workers have fewer places together than there are silent clients: if they held them, everybody else would be refused.
        await api.SendJsonAsync(
            HttpMethod.Post, $"/v1/models/{model}/deploy", new { version = "2.0.0", config = new { limits = new { max_concurrent = Silent / 2 - 4 } } });
        var request = await RequestAsync();
        var clients = await Task.WhenAll(Enumerable.Range(0, Silent).Select(_ => BeSilentAsync(request, silence)));
        var counted = -1L;
        await Until.TrueAsync(async () => counted == (counted = await CountAsync()), TimeSpan.FromSeconds(60), "whatever they asked to be computed");

        for (var i = 0; i < 100; i++) Assert.Equal(10, (await DigitsData.InferAsync(api, model, i, 1)).Length);

        foreach (var client in clients) client.Dispose();
    }

    private async Task<long> CountAsync()
    {
        var statistics = await api.SendJsonAsync(HttpMethod.Get, $"/v2/models/{model}/stats", null);
        var steps = statistics.GetProperty("model_stats")[0].GetProperty("inference_stats");
        return steps.GetProperty("success").GetProperty("count").GetInt64() + steps.GetProperty("fail").GetProperty("count").GetInt64();
    }

    private async Task<Socket> BeSilentAsync(byte[] request, Silence silence)
    {
        var endpoint = shared.Platform.Endpoint("api", "http");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 1024, NoDelay = true };
        await socket.ConnectAsync(endpoint.Host, endpoint.Port);
        if (silence is Silence.NeverReads)
        {
            await AskWithoutReadingAsync(socket, request);
            return socket;
        }

        await socket.SendAsync(request.AsMemory(0, request.Length / 2));
        if (silence is Silence.ResetInABody) socket.Close(timeout: 0);
        return socket;
    }

    /// <summary>Until nothing more goes in: then the answers fill all buffers on the way back.</summary>
    private static async Task AskWithoutReadingAsync(Socket socket, byte[] request)
    {
        using var stuck = new CancellationTokenSource();
        for (var sent = 0; sent < 200; sent++)
        {
            stuck.CancelAfter(TimeSpan.FromSeconds(1));
            try
            {
                await socket.SendAsync(request, stuck.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task<byte[]> RequestAsync()
    {
        var body = await DigitsData.Request(0, 16).ReadAsByteArrayAsync();
        return
        [
            .. Encoding.ASCII.GetBytes(
                $"POST /v2/models/{model}/infer HTTP/1.1\r\nHost: platform\r\nAuthorization: Bearer {RunningPlatform.AdminKey}\r\n"
                + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"),
            .. body,
        ];
    }

    public enum Silence
    {
        HalfABody,
        ResetInABody,
        NeverReads,
    }
}
