using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Platform.ServiceDefaults.Access;

namespace Platform.Api.Tests.Access;

/// <summary>Both ends of a connection between processes prove that they know the internal key.</summary>
public sealed class HandshakeTests
{
    private static readonly InternalHandshake Ours = new(ApiHost.InternalKey);
    private static readonly InternalHandshake Theirs = new("another-key-of-more-than-32-characters-altogether");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ends_WithTheSameKey_GetThroughAndLoseNoByte()
    {
        var (called, caller) = Pair();
        var received = new TaskCompletionSource<string>();
        var accepting = Ours.Accept(async connection =>
        {
            var read = await connection.Transport.Input.ReadAtLeastAsync(5, Cancellation);
            received.SetResult(Encoding.ASCII.GetString(read.Buffer.FirstSpan));
        })(called);

        await Ours.Present(async connection => await connection.Transport.Output.WriteAsync("hello"u8.ToArray(), Cancellation))(caller);
        await accepting;

        Assert.Equal("hello", await received.Task);
    }

    [Fact]
    public async Task Caller_WithAnotherKey_DoesNotGetThrough()
    {
        var (called, caller) = Pair();
        var accepting = Ours.Accept(_ => throw new InvalidOperationException("A stranger got in."))(called);
        var presenting = Theirs.Present(_ => throw new InvalidOperationException("A stranger got in."))(caller);

        await accepting;
        await called.Transport.Output.CompleteAsync();

        await Assert.ThrowsAsync<ConnectionAbortedException>(() => presenting);
    }

    [Fact]
    public async Task Caller_WhoSaysSomethingElse_DoesNotGetThrough()
    {
        var (called, caller) = Pair();
        var accepting = Ours.Accept(_ => throw new InvalidOperationException("A stranger got in."))(called);

        await caller.Transport.Output.WriteAsync(new byte[64], Cancellation);

        await accepting;
    }

    [Fact]
    public async Task Caller_WhoSendsTheChallengeBack_DoesNotGetThrough()
    {
        var (called, caller) = Pair();
        var accepting = Ours.Accept(_ => throw new InvalidOperationException("A stranger got in."))(called);
        var challenge = await caller.Transport.Input.ReadAtLeastAsync(32, Cancellation);
        var bytes = challenge.Buffer.FirstSpan.ToArray();

        await caller.Transport.Output.WriteAsync((byte[])[.. bytes, .. bytes], Cancellation);

        await accepting;
    }

    [Fact]
    public async Task Caller_WhoGoesAway_IsNotWaitedFor()
    {
        var (called, caller) = Pair();
        var accepting = Ours.Accept(_ => throw new InvalidOperationException("A stranger got in."))(called);

        await caller.Transport.Output.CompleteAsync();

        await accepting;
    }

    private static (ConnectionContext Called, ConnectionContext Caller) Pair()
    {
        var (there, back) = (new Pipe(), new Pipe());
        return (
            new DefaultConnectionContext("called", new Ends(there.Reader, back.Writer), new Ends(back.Reader, there.Writer)),
            new DefaultConnectionContext("caller", new Ends(back.Reader, there.Writer), new Ends(there.Reader, back.Writer)));
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
