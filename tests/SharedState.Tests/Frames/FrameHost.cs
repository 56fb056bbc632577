using System.Net;
using System.Net.Sockets;
using Platform.SharedState.Frames;

namespace Platform.SharedState.Tests.Frames;

/// <summary>A listener whose answers the test writes, and callers of it.</summary>
internal sealed class FrameHost : IFrameService, IAsyncDisposable
{
    public const string Key = "an internal key that only tests use, long enough";
    private readonly Func<FrameRequest, byte[], CancellationToken, Task<(FrameAnswer Answer, byte[] Body)>> answer;
    private readonly int maxBody;

    public FrameHost(
        Func<FrameRequest, byte[], CancellationToken, Task<(FrameAnswer Answer, byte[] Body)>> answer,
        FrameListenerOptions? options = null, TimeProvider? clock = null, int maxBody = int.MaxValue, int maxConnections = 4_096)
    {
        (this.answer, this.maxBody) = (answer, maxBody);
        Listener = new FrameListener(new IPEndPoint(IPAddress.Loopback, 0), Key, this, options ?? new(), clock ?? TimeProvider.System);
        Client = new FrameClient(Key, new FrameClientOptions { MaxConnectionsPerWorker = maxConnections, ConnectLimit = TimeSpan.FromSeconds(20) }, TimeProvider.System);
    }

    public FrameListener Listener { get; }

    public FrameClient Client { get; }

    /// <summary>Gives every body back.</summary>
    public static FrameHost Echo(FrameListenerOptions? options = null, TimeProvider? clock = null) =>
        new((_, body, _) => Task.FromResult((new FrameAnswer { Status = 200 }, body)), options, clock);

    public static FrameRequest Request() => new() { Model = "m", Version = "1.0.0" };

    public async Task<FrameResult> AskAsync(byte[] body, FrameRequest? request = null, CancellationToken? cancellation = null) =>
        await Client.AskAsync(Listener.Address, request ?? Request(), body, cancellation ?? TestContext.Current.CancellationToken);

    public async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Listener.Address, TestContext.Current.CancellationToken);
        return socket;
    }

    public IFrameCall Begin(FrameRequest request, int bodyBytes) => new Call(this, request, Math.Min(bodyBytes, maxBody));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Listener.DisposeAsync();
    }

    private sealed class Call(FrameHost host, FrameRequest request, int bytes) : IFrameCall
    {
        private readonly byte[] body = new byte[bytes];

        public Memory<byte> Body => body;

        public async ValueTask AnswerAsync(FrameReply reply, CancellationToken gone)
        {
            var (answer, bytes) = await host.answer(request, body, gone);
            await reply.AnswerAsync(answer, bytes);
        }

        public void Dispose()
        {
        }
    }
}
