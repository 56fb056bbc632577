using System.Buffers.Binary;
using System.Net.Sockets;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Platform.SharedState.Frames;

namespace Platform.SharedState.Tests.Frames;

/// <summary>Callers that send rubbish, half of something, or nothing, and what they cost: their connection, and no one else anything.</summary>
public sealed class BrokenPeerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rubbish_InPlaceOfAHello_IsHungUpOn()
    {
        await using var host = FrameHost.Echo();
        await Gen.Byte.Array[20, 400].SampleAsync(
            async bytes =>
            {
                using var socket = await host.ConnectAsync();
                await socket.SendAsync(bytes, Cancellation);
                await UntilClosedAsync(socket);
            },
            iter: 50);
        Assert.Equal(200, (await host.AskAsync([1])).Answer.Status);
    }

    [Fact]
    public async Task Rubbish_InPlaceOfAFrame_IsHungUpOn()
    {
        await using var host = FrameHost.Echo();
        await Gen.Byte.Array[6, 300].SampleAsync(
            async bytes =>
            {
                // A length that is far too long would be waited for; that case is the silent caller's.
                BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)(bytes.Length - 6));
                BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4), (ushort)(bytes.Length - 6));
                using var socket = await KnownCaller.ConnectAsync(host);
                await socket.SendAsync(bytes, Cancellation);
                socket.Shutdown(SocketShutdown.Send);
                await UntilClosedAsync(socket);
            },
            iter: 100);
        Assert.Equal(200, (await host.AskAsync([1])).Answer.Status);
    }

    [Theory]
    [InlineData(uint.MaxValue, 10)]
    [InlineData(5u, 10)]
    [InlineData(100_000u, 61_500)]
    public async Task Lengths_ThatCannotBe_AreHungUpOn(uint length, ushort head)
    {
        await using var host = FrameHost.Echo();
        using var socket = await KnownCaller.ConnectAsync(host);
        var prefix = new byte[6];
        BinaryPrimitives.WriteUInt32LittleEndian(prefix, length);
        BinaryPrimitives.WriteUInt16LittleEndian(prefix.AsSpan(4), head);
        await socket.SendAsync(prefix, Cancellation);

        await UntilClosedAsync(socket);
    }

    [Fact]
    public async Task Reset_InTheMiddle_HarmsNobodyElse()
    {
        await using var host = FrameHost.Echo();
        for (var i = 0; i < 20; i++)
        {
            using var socket = await KnownCaller.ConnectAsync(host);
            await socket.SendAsync(new byte[] { 100, 0, 0, 0, 20, 0, 1, 2 }, Cancellation);
            socket.LingerState = new(true, 0);
            socket.Close();
            Assert.Equal([(byte)i], (await host.AskAsync([(byte)i])).Body.ToArray());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task SilentCaller_BeforeHisProof_IsHungUpOnAfterTheLimit(int said)
    {
        var clock = new FakeTimeProvider();
        await using var host = FrameHost.Echo(clock: clock);
        using var socket = await host.ConnectAsync();
        await socket.SendAsync("PLF1 and so on forever"u8[..said].ToArray(), Cancellation);
        await UntilAsync(() => host.Listener.Connections == 1);

        clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(1, host.Listener.Connections);
        clock.Advance(TimeSpan.FromSeconds(2));

        await UntilClosedAsync(socket);
    }

    [Fact]
    public async Task SilentCaller_InTheMiddleOfARequest_IsHungUpOnAfterTheLimit()
    {
        var clock = new FakeTimeProvider();
        await using var host = FrameHost.Echo(clock: clock);
        using var socket = await KnownCaller.ConnectAsync(host);
        await socket.SendAsync(new byte[] { 100, 0, 0, 0, 20, 0, 1, 2 }, Cancellation);

        // However the two race, the second look finds it older than the limit.
        await UntilClosedAsync(socket, () => clock.Advance(TimeSpan.FromSeconds(31)));
    }

    [Fact]
    public async Task CallerThatNeverReads_IsHungUpOnAfterTheLimit()
    {
        var clock = new FakeTimeProvider();
        await using var host = new FrameHost((_, _, _) => Task.FromResult((new FrameAnswer { Status = 200 }, new byte[64 << 20])), clock: clock);
        using var socket = await KnownCaller.ConnectAsync(host);
        await socket.SendAsync(KnownCaller.Frame(FrameHost.Request()), Cancellation);
        await UntilAsync(() => host.Listener.Connections == 1);

        await UntilAsync(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(31));
            return host.Listener.Connections == 0;
        });
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition()) await timer.WaitForNextTickAsync(limit.Token);
    }

    private static async Task UntilClosedAsync(Socket socket, Action? meanwhile = null)
    {
        var closed = ReadToEndAsync(socket);
        await UntilAsync(() =>
        {
            meanwhile?.Invoke();
            return closed.IsCompleted;
        });
        await closed;
    }

    private static async Task ReadToEndAsync(Socket socket)
    {
        try
        {
            while (await socket.ReceiveAsync(new byte[1_000], Cancellation) > 0)
            {
            }
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            // Hung up on with bytes unread; closed all the same.
        }
    }
}
