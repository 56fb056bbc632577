using System.Net;
using System.Net.Sockets;
using CsCheck;
using Platform.SharedState.Frames;

namespace Platform.SharedState.Tests.Frames;

public sealed class FrameTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8_191)]
    [InlineData(8_192)]
    [InlineData(65_536)]
    [InlineData(1_000_003)]
    public async Task Body_OfAnySize_ComesBack(int bytes)
    {
        await using var host = FrameHost.Echo();
        var body = Random.Shared.GetItems<byte>([.. Enumerable.Range(0, 256).Select(value => (byte)value)], bytes);

        // Twice, so that the second one goes over the first one's connection.
        for (var i = 0; i < 2; i++) Assert.Equal(body, (await host.AskAsync(body)).Body.ToArray());
        Assert.Equal(1, host.Listener.Connections);
    }

    [Fact]
    public async Task Heads_WhateverTheySay_ComeAcross()
    {
        FrameRequest? seen = null;
        var answer = new FrameAnswer { Status = 429, ContentType = "application/json", HeaderLength = 7, QueueMicroseconds = 1, ComputeMicroseconds = long.MaxValue, BatchSize = 3, Headers = [new("Retry-After", "1")] };
        await using var host = new FrameHost((request, _, _) =>
        {
            seen = request;
            return Task.FromResult((answer, Array.Empty<byte>()));
        });
        var text = Gen.String[0, 100].Null();
        await Gen.Select(text, text, text, Gen.Long[0, long.MaxValue / 10]).SampleAsync(
            async (id, length, trace, microseconds) =>
            {
                var request = new FrameRequest
                {
                    Model = "mödel", Version = "1.0.0-rc.1+b", RequestId = id ?? "", HeaderLength = length, TraceParent = trace,
                    Timeout = TimeSpan.FromMicroseconds(microseconds / 1_000_000), Headers = [new("X-Other", "ä")],
                };
                // Lone surrogates are no text and do not come across as themselves.
                if (new[] { id, length, trace }.OfType<string>().Any(one => one.Any(char.IsSurrogate))) return;
                var result = await host.AskAsync([], request);

                Assert.Equal(request with { Headers = seen!.Headers }, seen);
                Assert.Equal(request.Headers, seen.Headers.AsEnumerable());
                Assert.Equal(answer with { Headers = result.Answer.Headers }, result.Answer);
                Assert.Equal("1", result.Answer.Header("retry-after"));
            },
            iter: 200, threads: 1);
    }

    [Theory]
    [InlineData(8_000)]
    [InlineData(20_000)]
    [InlineData(60_000)]
    public async Task Header_ThatIsLong_ComesAcross(int length)
    {
        var value = new string('v', length);
        await using var host = new FrameHost((_, body, _) => Task.FromResult((new FrameAnswer { Status = 200, Headers = [new("X-Long", value)] }, body)));

        for (var i = 0; i < 2; i++)
        {
            var result = await host.AskAsync([1, 2]);
            Assert.Equal((value, 2), (result.Answer.Header("X-Long"), result.Body.Length));
        }
    }

    [Fact]
    public async Task Caller_WithoutTheKey_IsHungUpOn()
    {
        var answered = 0;
        await using var host = new FrameHost((_, _, _) =>
        {
            answered++;
            return Task.FromResult((new FrameAnswer { Status = 200 }, Array.Empty<byte>()));
        });
        using var stranger = new FrameClient(FrameHost.Key + "x", new(), TimeProvider.System);

        await Assert.ThrowsAsync<FrameException>(async () => await stranger.AskAsync(host.Listener.Address, FrameHost.Request(), new byte[10], Cancellation));

        Assert.Equal(0, answered);
        Assert.Equal(200, (await host.AskAsync([])).Answer.Status);
    }

    [Fact]
    public async Task Impostor_OnAWorkersPort_GetsNoRequest()
    {
        using var impostor = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        impostor.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        impostor.Listen();
        using var client = new FrameClient(FrameHost.Key, new FrameClientOptions { ConnectLimit = TimeSpan.FromSeconds(20) }, TimeProvider.System);
        var asking = client.AskAsync(impostor.LocalEndPoint!, FrameHost.Request(), "secret"u8.ToArray(), Cancellation).AsTask();
        using var caught = await impostor.AcceptAsync(Cancellation);
        var heard = new byte[1_000];
        var hello = await caught.ReceiveAsync(heard, Cancellation);
        await caught.SendAsync(new byte[48], Cancellation);

        var refusal = await Assert.ThrowsAsync<FrameException>(() => asking);

        Assert.Contains("does not know the internal key", refusal.Message, StringComparison.Ordinal);
        Assert.Equal((20, 0), (hello, await caught.ReceiveAsync(heard, Cancellation)));
    }

    [Fact]
    public async Task Request_ThatIsGivenUp_IsCancelledAtTheWorker()
    {
        var began = new TaskCompletionSource();
        var noticed = new TaskCompletionSource();
        await using var host = new FrameHost(async (_, _, gone) =>
        {
            await using var registration = gone.Register(noticed.SetResult);
            began.SetResult();
            await noticed.Task;
            return (new FrameAnswer { Status = 200 }, []);
        });
        using var giveUp = new CancellationTokenSource();
        var asking = host.AskAsync([1], cancellation: giveUp.Token);
        await began.Task.WaitAsync(Cancellation);

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await noticed.Task.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
    }

    [Fact]
    public async Task Listener_ThatStops_AnswersWhatIsUnderWayAndNothingElse()
    {
        var began = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var host = new FrameHost(async (_, body, _) =>
        {
            began.TrySetResult();
            await release.Task;
            return (new FrameAnswer { Status = 200 }, body);
        });
        var asking = host.AskAsync([7]);
        await began.Task.WaitAsync(Cancellation);

        var stopping = host.Listener.StopAsync(Cancellation);
        await Assert.ThrowsAsync<FrameException>(() => host.AskAsync([8]));
        Assert.False(stopping.IsCompleted);
        release.SetResult();

        Assert.Equal([7], (await asking).Body.ToArray());
        await stopping.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        Assert.Equal(0, host.Listener.Connections);
    }

    [Fact]
    public async Task Connection_ThatTheWorkerClosedMeanwhile_CostsNothing()
    {
        await using var host = FrameHost.Echo();
        var address = host.Listener.Address;
        await host.AskAsync([1]);
        await host.Listener.DisposeAsync();
        await using var successor = new FrameListener(address, FrameHost.Key, host, new(), TimeProvider.System);

        Assert.Equal([2], (await host.AskAsync([2])).Body.ToArray());
    }

    [Fact]
    public async Task Connections_BeyondTheLimit_AreRefusedAtOnce()
    {
        var began = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var host = new FrameHost(
            async (_, _, _) =>
            {
                began.SetResult();
                await release.Task;
                return (new FrameAnswer { Status = 200 }, []);
            },
            maxConnections: 1);
        var first = host.AskAsync([]);
        await began.Task.WaitAsync(Cancellation);

        await Assert.ThrowsAsync<FramePoolFullException>(() => host.AskAsync([]));
        release.SetResult();

        Assert.Equal(200, (await first).Answer.Status);
    }

    [Fact]
    public async Task Body_ThatTheServiceDoesNotTake_IsPassedOver()
    {
        await using var host = new FrameHost((_, body, _) => Task.FromResult((new FrameAnswer { Status = body.Length < 100 ? 413 : 200 }, body)), maxBody: 99);

        Assert.Equal(413, (await host.AskAsync(new byte[300_000])).Answer.Status);
        Assert.Equal(413, (await host.AskAsync(new byte[20])).Answer.Status);
        Assert.Equal(1, host.Listener.Connections);
    }
}
