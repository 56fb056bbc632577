using System.Net;
using System.Net.Sockets;
using System.Text;
using Platform.Tests;

namespace Platform.Api.Tests.Access;

/// <summary>What a hostile connection meets, on raw sockets.</summary>
public sealed class TrafficTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private const string Signed = $"Host: api\r\nAuthorization: Bearer {ApiHost.AdminKey}\r\nContent-Type: application/json\r\n";

    /// <summary>Long enough for every limit below, and the end of a test that would hang.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HalfABody_ThenSilence_IsCutOffWith408()
    {
        using var api = new ListeningApi(redis, ("Traffic:SlowGrace", "00:00:02"));

        var answer = await SendAsync(api, $"POST /v2/models/any/infer HTTP/1.1\r\n{Signed}Content-Length: 1000\r\n\r\n{{\"inputs\":");

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"error\":", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HalfABody_ThenTheEnd_IsNoRequest()
    {
        using var api = new ListeningApi(redis);

        var answer = await SendAsync(api, $"POST /v2/models/any/infer HTTP/1.1\r\n{Signed}Content-Length: 1000\r\n\r\n{{", end: true);

        Assert.DoesNotContain(" 200 ", answer, StringComparison.Ordinal);
        await AssertAliveAsync(api);
    }

    [Fact]
    public async Task SteadyButSlowSender_IsCutOffAtTheTimeForABody()
    {
        using var api = new ListeningApi(redis, ("Inference:MaxBodyTime", "00:00:01"), ("Traffic:MinRequestBytesPerSecond", "1"), ("Traffic:SlowGrace", "00:05:00"));

        var answer = await SendAsync(api, $"POST /v2/models/any/infer HTTP/1.1\r\n{Signed}Content-Length: 1000\r\n\r\n", trickle: true);

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_ThatNeverEnd_AreCutOff()
    {
        using var api = new ListeningApi(redis, ("Traffic:HeadersTimeout", "00:00:01"));

        var answer = await SendAsync(api, "GET /v1/models HTTP/1.1\r\nHost: api\r\nX-Slow: ");

        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 408 ", StringComparison.Ordinal), answer);
    }

    [Theory]
    [InlineData(431, 1, 40_000)]
    [InlineData(431, 200, 1)]
    public async Task Headers_ThatAreTooLargeOrTooMany_AreRefused(int status, int count, int length)
    {
        using var api = new ListeningApi(redis);
        var headers = string.Concat(Enumerable.Range(0, count).Select(i => $"X-{i}: {new string('x', length)}\r\n"));

        var answer = await SendAsync(api, $"GET /v1/models HTTP/1.1\r\nHost: api\r\n{headers}\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Path_ThatIsTooLong_IsRefused()
    {
        using var api = new ListeningApi(redis);

        Assert.StartsWith("HTTP/1.1 414 ", await SendAsync(api, $"GET /v1/{new string('x', 9_000)} HTTP/1.1\r\nHost: api\r\n\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(413, 5 << 20, "\"x\"")]
    [InlineData(400, null, "deep")]
    public async Task Body_ThatIsTooLargeOrTooDeep_IsRefused(int status, int? length, string body)
    {
        using var api = new ListeningApi(redis);
        if (body == "deep") body = $"{{\"labels\":{string.Concat(Enumerable.Repeat("[", 60))}{string.Concat(Enumerable.Repeat("]", 60))}}}";

        var answer = await SendAsync(api, $"POST /v1/models HTTP/1.1\r\n{Signed}Connection: close\r\nContent-Length: {length ?? body.Length}\r\n\r\n{body}");

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_BeyondTheMost_AreClosed()
    {
        using var api = new ListeningApi(redis, ("Traffic:MaxConnections", "2"));
        using var first = await ConnectAsync(api);
        using var second = await ConnectAsync(api);
        await AskAliveAsync(first);
        await AskAliveAsync(second);

        Assert.Equal("", await SendAsync(api, "GET /alive HTTP/1.1\r\nHost: api\r\n\r\n"));
    }

    private static async Task AssertAliveAsync(ListeningApi api)
    {
        using var client = new HttpClient();
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(new Uri($"http://127.0.0.1:{api.Port}/alive"), Cancellation)).StatusCode);
    }

    private static async Task AskAliveAsync(TcpClient connection)
    {
        await connection.GetStream().WriteAsync("GET /alive HTTP/1.1\r\nHost: api\r\n\r\n"u8.ToArray(), Cancellation);
        Assert.True(await connection.GetStream().ReadAsync(new byte[1], Cancellation) > 0);
    }

    private static async Task<TcpClient> ConnectAsync(ListeningApi api)
    {
        var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, api.Port, Cancellation);
        return connection;
    }

    /// <summary>Sends that and nothing more, and reads until the Api closes or has answered.</summary>
    /// <param name="end">Whether to close the sending side.</param>
    /// <param name="trickle">Whether to go on sending a byte now and then.</param>
    private static async Task<string> SendAsync(ListeningApi api, string text, bool end = false, bool trickle = false)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Patience);
        using var connection = await ConnectAsync(api);
        var stream = connection.GetStream();
        var answer = new StringBuilder();
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(text), limit.Token);
            if (end) connection.Client.Shutdown(SocketShutdown.Send);
            var trickling = trickle ? TrickleAsync(stream, limit.Token) : Task.CompletedTask;
            var buffer = new byte[4096];
            int read;
            while ((read = await stream.ReadAsync(buffer, limit.Token)) > 0)
            {
                answer.Append(Encoding.ASCII.GetString(buffer, 0, read));
                if (IsWhole(answer.ToString())) break;
            }

            await limit.CancelAsync();
            await trickling;
        }
        catch (IOException)
        {
            // The Api reset the connection: what had come until then is the answer.
        }

        return answer.ToString();
    }

    private static bool IsWhole(string answer) => answer.Contains("\r\n0\r\n", StringComparison.Ordinal) || answer.Contains("Content-Length: 0", StringComparison.Ordinal);

    private static async Task TrickleAsync(NetworkStream stream, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation)) await stream.WriteAsync(" "u8.ToArray(), cancellation);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The test is over, or the Api has cut us off.
        }
    }
}
