using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Platform.Api.Inference;

namespace Platform.Api.Tests.Inference;

public sealed class RequestBodyTests
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];
    private readonly Pipe pipe = new();

    [Fact]
    public async Task TryTake_AllOfItIsHere_GivesIt()
    {
        var request = await RequestAsync(Bytes, Bytes.Length);
        using var body = RequestBody.TryTake(request, maxBytes: 1_000);
        Assert.Equal(Bytes, body!.Bytes.ToArray());
    }

    [Fact]
    public async Task TryTake_PartOfItIsHere_LeavesItForReading()
    {
        var request = await RequestAsync(Bytes[..40], Bytes.Length);
        Assert.Null(RequestBody.TryTake(request, maxBytes: 1_000));
        await pipe.Writer.WriteAsync(Bytes.AsMemory(40), TestContext.Current.CancellationToken);
        await pipe.Writer.CompleteAsync();
        using var body = await RequestBody.ReadAsync(request, maxBytes: 1_000, TestContext.Current.CancellationToken);
        Assert.Equal(Bytes, body.Bytes.ToArray());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0L)]
    [InlineData(101L)]
    public async Task TryTake_LengthIsNotSaidOrTooMuch_TakesNothing(long? length)
    {
        var request = await RequestAsync(Bytes, length);
        Assert.Null(RequestBody.TryTake(request, maxBytes: 100));
        Assert.True(pipe.Reader.TryRead(out var left));
        Assert.Equal(Bytes.Length, left.Buffer.Length);
    }

    private async Task<HttpRequest> RequestAsync(byte[] arrived, long? length)
    {
        await pipe.Writer.WriteAsync(arrived, TestContext.Current.CancellationToken);
        var context = new DefaultHttpContext();
        context.Features.Set<IRequestBodyPipeFeature>(new Arriving(pipe.Reader));
        context.Request.Body = pipe.Reader.AsStream();
        context.Request.ContentLength = length;
        return context.Request;
    }

    private sealed record Arriving(PipeReader Reader) : IRequestBodyPipeFeature;
}
