using System.Buffers;

namespace Platform.Api.Inference;

/// <summary>A request's body, kept whole so that it can be sent to another worker when the first one dies.</summary>
internal sealed class RequestBody : IDisposable
{
    private const int FirstBytes = 16 * 1024;
    private byte[] buffer;

    private RequestBody(byte[] buffer) => this.buffer = buffer;

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Bytes => buffer.AsMemory(0, Length);

    /// <summary>
    /// A body that came with its head, as small ones do; null when there is something to wait for, and so a limit on
    /// waiting to be set.
    /// </summary>
    public static RequestBody? TryTake(HttpRequest request, int maxBytes)
    {
        if (request.ContentLength is not (> 0 and var length) || length > maxBytes || !request.BodyReader.TryRead(out var read)) return null;
        if (read.Buffer.Length < length)
        {
            request.BodyReader.AdvanceTo(read.Buffer.Start);
            return null;
        }

        var body = new RequestBody(ArrayPool<byte>.Shared.Rent((int)length)) { Length = (int)length };
        read.Buffer.CopyTo(body.buffer);
        request.BodyReader.AdvanceTo(read.Buffer.End);
        return body;
    }

    /// <exception cref="BadHttpRequestException">413: the body is longer than <paramref name="maxBytes"/>.</exception>
    public static async Task<RequestBody> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancellation)
    {
        var declared = (int)Math.Min(request.ContentLength ?? FirstBytes, maxBytes);
        var body = new RequestBody(ArrayPool<byte>.Shared.Rent(Math.Max(declared, 1)));
        try
        {
            await body.FillAsync(request.Body, maxBytes, cancellation);
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    private async Task FillAsync(Stream source, int maxBytes, CancellationToken cancellation)
    {
        int read;
        while ((read = await source.ReadAsync(buffer.AsMemory(Length), cancellation)) > 0)
        {
            Length += read;
            if (Length > maxBytes) throw new BadHttpRequestException($"The body has more than the {maxBytes} bytes that are allowed.", 413);
            if (Length == buffer.Length) Grow();
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
