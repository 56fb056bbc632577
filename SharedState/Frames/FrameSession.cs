using System.Net.Sockets;

namespace Platform.SharedState.Frames;

/// <summary>What a connection is about, which decides how long it may take.</summary>
internal enum FramePhase
{
    Handshake,
    Idle,
    Receiving,
    Working,
    Sending,
}

/// <summary>
/// One caller's connection at a worker: a request, its answer, the next request. While a request is worked on the next
/// one is awaited already, and that is how it shows that the caller has hung up.
/// </summary>
internal sealed class FrameSession(Socket socket, byte[] key, IFrameService service, TimeProvider clock) : IDisposable
{
    private readonly FrameInput input = new(socket);
    private readonly FrameOutput output = new(socket);
    private readonly CancellationTokenSource gone = new();
    private volatile int phase;
    private long since = clock.GetTimestamp();
    private volatile bool isStopping;

    public FramePhase Phase => (FramePhase)phase;

    /// <summary>How long it has been in this phase.</summary>
    public TimeSpan Age => clock.GetElapsedTime(Interlocked.Read(ref since));

    public void Enter(FramePhase next)
    {
        Interlocked.Exchange(ref since, clock.GetTimestamp());
        phase = (int)next;
    }

    /// <summary>Serves until the caller hangs up, breaks the rules, or <see cref="Stop"/>.</summary>
    public async Task RunAsync()
    {
        try
        {
            if (!await FrameHandshake.AcceptAsync(socket, input, key)) return;
            var open = true;
            while (open && !isStopping) open = await ServeOneAsync();
        }
        catch (Exception e) when (e is FrameException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The caller is gone, or is none of ours: he hears no more, and there is nobody else to tell.
            await gone.CancelAsync();
        }
        finally
        {
            output.Complete();
            socket.Dispose();
            gone.Dispose();
        }
    }

    /// <summary>No further request; the one that is being worked on is answered.</summary>
    public void Stop()
    {
        isStopping = true;
        if (Phase is FramePhase.Handshake or FramePhase.Idle) socket.Dispose();
    }

    /// <summary>Hangs up, whatever is under way.</summary>
    public void Dispose() => socket.Dispose();

    private async ValueTask<bool> ServeOneAsync()
    {
        Enter(FramePhase.Idle);
        if (isStopping || (input.IsEmpty && await input.FillAsync(CancellationToken.None) == 0)) return false;
        return await AnswerAllAsync();
    }

    /// <summary>Goes from request to request without being idle in between, as long as the next one is there already.</summary>
    private async ValueTask<bool> AnswerAllAsync()
    {
        while (true)
        {
            Enter(FramePhase.Receiving);
            if (await input.TryReadHeadAsync(CancellationToken.None) is not var (head, body)) return false;
            using var call = service.Begin(FrameRequest.Read(input.Head(head)), body);
            input.SkipHead(head);
            if (!await TryTakeAsync(call, body)) return false;
            Enter(FramePhase.Working);
            var next = input.IsEmpty ? WatchAsync() : null;
            var reply = new FrameReply(this, output);
            await call.AnswerAsync(reply, gone.Token);
            if (!reply.HasEnded) return false;
            if (next is null) continue;
            Enter(FramePhase.Idle);
            if (isStopping || await next == 0) return false;
        }
    }

    private ValueTask<bool> TryTakeAsync(IFrameCall call, int bytes) => call.Body.Length < bytes
        ? input.TryDropAsync(bytes)
        : input.TryReadAsync(call.Body[..bytes], CancellationToken.None);

    private async Task<int> WatchAsync()
    {
        try
        {
            var read = await input.FillAsync(CancellationToken.None);
            if (read == 0) await gone.CancelAsync();
            return read;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            await CancelGoneAsync();
            return 0;
        }
    }

    private async Task CancelGoneAsync()
    {
        try
        {
            await gone.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The session ended first, so nobody waits to be told.
        }
    }
}
