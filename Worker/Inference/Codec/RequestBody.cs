using System.Globalization;
using System.IO.Compression;
using Platform.Worker.Tensors;

namespace Platform.Worker.Inference.Codec;

/// <summary>
/// A request's bytes in pinned memory: JSON, then what follows it. The JSON begins where it makes the bytes after it
/// fall on an aligned address, so that the first binary tensor can be used where it lies.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    /// <summary>Length of the JSON at the body's beginning; without it all of the body is JSON.</summary>
    public const string HeaderLengthHeader = "Inference-Header-Content-Length";

    private const int FirstReadBytes = 16 * 1024;
    private readonly int? headerLength;
    private int end;
    private int isDisposed;

    private RequestBody(PinnedBuffer buffer, int start, int? headerLength)
    {
        Buffer = buffer;
        Start = start;
        end = start;
        this.headerLength = headerLength;
    }

    public PinnedBuffer Buffer { get; private set; }

    public int Start { get; }

    public int Length => end - Start;

    /// <summary>Where the bytes after the JSON begin in <see cref="Buffer"/>.</summary>
    public int BinaryStart => Start + (headerLength ?? Length);

    public int End => end;

    public Memory<byte> Bytes => Buffer.Memory[Start..end];

    /// <summary>Whether the whole body is one tensor.</summary>
    public bool IsRawTensor => headerLength == 0;

    public ReadOnlySpan<byte> Json => Buffer.Span[Start..BinaryStart];

    public static async Task<RequestBody> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancellation)
    {
        if (request.ContentLength > maxBytes) throw TooLarge(maxBytes);
        var headerLength = ParseHeaderLength(request.Headers[HeaderLengthHeader] is { Count: > 0 } header ? header.ToString() : null);
        await using var decompressor = Decompressor(request.Headers.ContentEncoding.ToString(), request.Body);
        // One byte more than is announced tells the end from a full buffer.
        var expected = decompressor is null && request.ContentLength is { } length ? (int)length + 1 : FirstReadBytes;
        var buffer = PinnedPool.Shared.Rent(expected + (2 * PinnedBuffer.Alignment));
        var body = new RequestBody(buffer, AlignedStart(buffer, headerLength ?? 0), headerLength);
        try
        {
            await body.FillAsync(decompressor ?? request.Body, maxBytes, cancellation);
            return body.Checked();
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>A body of which the length is known and the bytes are to come, into <see cref="Bytes"/>.</summary>
    public static RequestBody OfLength(int length, int? headerLength)
    {
        var buffer = PinnedPool.Shared.Rent(length + (2 * PinnedBuffer.Alignment));
        var start = AlignedStart(buffer, headerLength ?? 0);
        return new RequestBody(buffer, start, headerLength) { end = start + length };
    }

    /// <summary>Itself, once its bytes are there.</summary>
    /// <exception cref="RequestException">It has less JSON than was announced.</exception>
    public RequestBody Checked() => headerLength > Length
        ? throw RequestException.BadRequest($"{HeaderLengthHeader} is {headerLength}, but the body has only {Length} bytes")
        : this;

    /// <summary>What the bytes are a compressed form of, in a body of its own.</summary>
    /// <exception cref="RequestException">They are not, or there is too much in them.</exception>
    public async Task<RequestBody> DecompressAsync(string encoding, int maxBytes, CancellationToken cancellation)
    {
        await using var compressed = new MemoryStream(Bytes.ToArray(), writable: false);
        await using var decompressor = Decompressor(encoding, compressed)!;
        var buffer = PinnedPool.Shared.Rent(FirstReadBytes);
        var body = new RequestBody(buffer, AlignedStart(buffer, headerLength ?? 0), headerLength);
        try
        {
            await body.FillAsync(decompressor, maxBytes, cancellation);
            return body.Checked();
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <summary>More than once is as good as once: by the second time the buffer may be another request's.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref isDisposed, 1) == 0) Buffer.Dispose();
    }

    /// <exception cref="RequestException">It is no length.</exception>
    public static int? ParseHeaderLength(string? header)
    {
        if (header is null) return null;
        return int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            ? length
            : throw RequestException.BadRequest($"{HeaderLengthHeader} must be the length of the JSON in bytes, but is '{header}'");
    }

    public static RequestException TooLarge(int maxBytes) =>
        new(StatusCodes.Status413PayloadTooLarge, $"the request body is larger than the limit of {maxBytes} bytes; send fewer items "
            + "at once");

    private static int AlignedStart(PinnedBuffer buffer, int headerLength)
    {
        var misaligned = (int)((buffer.AddressOf(0) + headerLength) & (PinnedBuffer.Alignment - 1));
        return (PinnedBuffer.Alignment - misaligned) & (PinnedBuffer.Alignment - 1);
    }

    private async Task FillAsync(Stream stream, int maxBytes, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                if (end == Buffer.Capacity) Grow();
                var read = await stream.ReadAsync(Buffer.Memory[end..], cancellation);
                if (read == 0) return;
                end += read;
                if (Length > maxBytes) throw TooLarge(maxBytes);
            }
        }
        catch (InvalidDataException e)
        {
            throw RequestException.BadRequest($"the body is not compressed as Content-Encoding says: {e.Message}");
        }
        catch (BadHttpRequestException e)
        {
            throw new RequestException(e.StatusCode, e.Message);
        }
    }

    private void Grow()
    {
        var larger = PinnedPool.Shared.Rent(checked(Buffer.Capacity * 2));
        Buffer.Span[Start..end].CopyTo(larger.Span[Start..]);
        Buffer.Dispose();
        Buffer = larger;
    }

    private static Stream? Decompressor(string encoding, Stream body) => encoding switch
    {
        "" or "identity" => null,
        "gzip" => new GZipStream(body, CompressionMode.Decompress),
        "deflate" => new ZLibStream(body, CompressionMode.Decompress),
        var other => throw new RequestException(
            StatusCodes.Status415UnsupportedMediaType, $"Content-Encoding '{other}' is not supported; use gzip, deflate or none"),
    };
}
