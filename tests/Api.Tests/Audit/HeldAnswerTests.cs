using Platform.Api.Audit;

namespace Platform.Api.Tests.Audit;

public sealed class HeldAnswerTests
{
    [Fact]
    public async Task Answer_WithoutABody_TouchesTheWireNotAtAll()
    {
        var (wire, recorded) = (new Wire(), 0);
        using var answer = new HeldAnswer(wire, 1000, () => Task.FromResult(recorded++));

        await answer.FlushAsync(TestContext.Current.CancellationToken);
        await answer.ReleaseAsync(TestContext.Current.CancellationToken);
        await answer.ReleaseAsync(TestContext.Current.CancellationToken);

        // Even an empty write under a 204 makes Kestrel break the connection.
        Assert.Equal((0, 1, true), (wire.Writes, recorded, answer.IsReleased));
    }

    [Fact]
    public async Task Answer_WithABody_IsWrittenOnceItIsRecorded()
    {
        var wire = new Wire();
        var before = -1;
        using var answer = new HeldAnswer(wire, 1000, () =>
        {
            before = wire.Writes;
            return Task.CompletedTask;
        });

        await answer.WriteAsync("done"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal(0, wire.Writes);
        await answer.ReleaseAsync(TestContext.Current.CancellationToken);

        Assert.Equal((0, 1, "done"), (before, wire.Writes, System.Text.Encoding.UTF8.GetString(wire.ToArray())));
    }

    private sealed class Wire : MemoryStream
    {
        public int Writes { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Writes++;
            return base.WriteAsync(buffer, cancellationToken);
        }
    }
}
