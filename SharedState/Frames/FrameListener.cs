using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Platform.SharedState.Frames;

/// <summary>Listens for callers that know the key, and hands their requests to the service.</summary>
public sealed class FrameListener : IAsyncDisposable
{
    private const int Backlog = 1_024;
    private static readonly TimeSpan LookAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);
    private readonly ConcurrentDictionary<FrameSession, Task> sessions = new();
    private readonly Socket socket;
    private readonly byte[] key;
    private readonly IFrameService service;
    private readonly FrameListenerOptions options;
    private readonly TimeProvider clock;
    private readonly ITimer sweep;
    private readonly Task accepting;
    private volatile bool isStopping;

    /// <exception cref="SocketException">The address is taken.</exception>
    public FrameListener(EndPoint address, string internalKey, IFrameService service, FrameListenerOptions options, TimeProvider clock)
    {
        (key, this.service, this.options, this.clock) = (Encoding.UTF8.GetBytes(internalKey), service, options, clock);
        socket = new Socket(address.AddressFamily, SocketType.Stream, Sockets.ProtocolOf(address));
        if (address is IPEndPoint { Address: var ip } && ip.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
        socket.Bind(address);
        socket.Listen(Backlog);
        Address = socket.LocalEndPoint!;
        sweep = clock.CreateTimer(_ => Sweep(), null, LookAfter, LookAfter);
        accepting = AcceptAllAsync();
    }

    public EndPoint Address { get; }

    public int Connections => sessions.Count;

    /// <summary>Takes no more connections or requests; ends when what is under way has been answered.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        isStopping = true;
        socket.Dispose();
        await accepting;
        foreach (var session in sessions.Keys) session.Stop();
        await Task.WhenAll(sessions.Values).WaitAsync(cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true));
        foreach (var session in sessions.Keys) session.Dispose();
        await sweep.DisposeAsync();
    }

    private async Task AcceptAllAsync()
    {
        while (!isStopping)
        {
            try
            {
                Serve(await socket.AcceptAsync());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // A caller that left before he was accepted, or no file handles for the moment: others may come.
                if (!isStopping) await Task.Delay(AcceptPause, clock);
            }
        }
    }

    private void Serve(Socket caller)
    {
        if (sessions.Count >= options.MaxConnections || isStopping)
        {
            caller.Dispose();
            return;
        }

        Sockets.HurryUp(caller);
        var session = new FrameSession(caller, key, service, clock);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        sessions[session] = ended.Task;
        if (isStopping) session.Stop();
        _ = RunAsync(session, ended);
    }

    private async Task RunAsync(FrameSession session, TaskCompletionSource ended)
    {
        await Task.Yield();
        try
        {
            await session.RunAsync();
        }
        finally
        {
            sessions.TryRemove(session, out _);
            ended.SetResult();
        }
    }

    /// <summary>Hangs up on those who take too long, so that a silent caller costs nothing but his connection.</summary>
    private void Sweep()
    {
        foreach (var session in sessions.Keys)
        {
            var limit = session.Phase switch
            {
                FramePhase.Handshake => options.HandshakeLimit,
                FramePhase.Idle => options.IdleLimit,
                FramePhase.Working => TimeSpan.MaxValue,
                _ => options.StallLimit,
            };
            if (session.Age > limit) session.Dispose();
        }
    }
}
