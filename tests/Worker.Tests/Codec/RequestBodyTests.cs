using Platform.Worker.Inference.Codec;

namespace Platform.Worker.Tests.Codec;

public sealed class RequestBodyTests
{
    /// <summary>A size that no other test has bodies of, so that its pooled buffers are this test's.</summary>
    private const int Bytes = 5_000_000;

    [Fact]
    public void Dispose_AgainWhileTheBufferIsAnothers_DoesNotLendItTwice()
    {
        var first = RequestBody.OfLength(Bytes, null);
        var buffer = first.Buffer;
        first.Dispose();
        using var second = RequestBody.OfLength(Bytes, null);
        Assert.Same(buffer, second.Buffer);

        first.Dispose();

        using var third = RequestBody.OfLength(Bytes, null);
        Assert.NotSame(second.Buffer, third.Buffer);
    }

    [Fact]
    public void Dispose_Once_GivesTheBufferBack()
    {
        using var kept = RequestBody.OfLength(2 * Bytes, null);
        var returned = RequestBody.OfLength(2 * Bytes, null);
        var buffer = returned.Buffer;
        returned.Dispose();

        using var next = RequestBody.OfLength(2 * Bytes, null);
        Assert.Same(buffer, next.Buffer);
        Assert.NotSame(kept.Buffer, next.Buffer);
    }
}
