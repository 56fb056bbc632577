using System.Collections.Immutable;
using System.Net.Sockets;
using Platform.Core.Protection;
using Platform.SharedState.Frames;
using Platform.SharedState.Workers;
using Platform.Worker.Inference.Codec;
using Platform.Worker.Serving;
using Platform.Worker.Tensors;

namespace Platform.Worker.Inference.Frames;

/// <summary>
/// An inference that an Api passes on. Its body comes off the connection straight into pinned memory, where it begins
/// such that the tensor behind the JSON is aligned.
/// </summary>
internal sealed class FrameExchange : IFrameCall, IExchange
{
    private readonly InferenceHandler handler;
    private readonly FrameRequest request;
    private readonly Action<Exception> failed;
    private readonly RequestBody? body;
    private readonly string? fault;
    private FrameReply? reply;
    private ImmutableArray<FrameHeader> headers = [];

    /// <param name="failed">Hears of what nobody foresaw.</param>
    public FrameExchange(InferenceHandler handler, FrameRequest request, int bodyBytes, Action<Exception> failed)
    {
        (this.handler, this.request, this.failed, BytesIn) = (handler, request, failed, bodyBytes);
        if (bodyBytes > handler.MaxRequestBytes) return;
        try
        {
            body = RequestBody.OfLength(bodyBytes, RequestBody.ParseHeaderLength(request.HeaderLength));
        }
        catch (RequestException e)
        {
            // It is said once the request is here; an answer before that would look like one to an earlier request.
            fault = e.Message;
        }
    }

    public Memory<byte> Body => body?.Bytes ?? Memory<byte>.Empty;

    public string Model => request.Model;

    public string Version => request.Version;

    public string RequestId => request.RequestId;

    public string Route => request.Header(WorkerProtocol.RouteHeader) ?? "";

    public OutputLimit? Limit => OutputLimit.Parse(request.Header(WorkerProtocol.LimitHeader));

    public TimeSpan? Timeout => request.Timeout;

    public string? TraceParent => request.TraceParent;

    public CancellationToken Gone { get; private set; }

    public long BytesIn { get; }

    public long BytesOut { get; private set; }

    public int? Status { get; private set; }

    public async ValueTask AnswerAsync(FrameReply reply, CancellationToken gone)
    {
        (this.reply, Gone) = (reply, gone);
        try
        {
            if (request.ContentEncoding is { Length: > 0 } || SocketThreads.AreHeldBy(BytesIn)) await SocketThreads.Leave();
            await handler.HandleAsync(this);
        }
        catch (Exception e) when (e is not (FrameException or SocketException or ObjectDisposedException))
        {
            failed(e);
            if (!reply.HasBegun) await RefuseAsync(StatusCodes.Status500InternalServerError, "The worker failed; its log has the reason.");
        }
    }

    public ValueTask<RequestBody> ReadBodyAsync(int maxBytes)
    {
        if (fault is not null) throw RequestException.BadRequest(fault);
        if (body is null) throw RequestBody.TooLarge(maxBytes);
        return request.ContentEncoding is null or "" or "identity"
            ? new(body.Checked())
            : new(body.DecompressAsync(request.ContentEncoding, maxBytes, Gone));
    }

    public void AddHeader(string name, string value) => headers = headers.Add(new(name, value));

    public async ValueTask AnswerAsync(Execution execution, int items, ResponseBody answer)
    {
        (Status, BytesOut) = (StatusCodes.Status200OK, answer.Length);
        var writer = reply!.Begin(
            new FrameAnswer
            {
                Status = StatusCodes.Status200OK,
                ContentType = answer.ContentType,
                HeaderLength = answer.HeaderLength,
                QueueMicroseconds = (long)execution.Queued.TotalMicroseconds,
                ComputeMicroseconds = (long)execution.Computed.TotalMicroseconds,
                ComputeShareMicroseconds = (long)execution.ShareOf(items).TotalMicroseconds,
                BatchSize = execution.BatchSize,
                Headers = headers,
            },
            answer.Length);
        await answer.SendAsync(writer, CancellationToken.None);
        await reply.EndAsync();
    }

    ValueTask IExchange.AnswerAsync(in Execution execution, int items, ResponseBody answer) => AnswerAsync(execution, items, answer);

    public ValueTask RefuseAsync(int status, string message)
    {
        var error = ErrorBody.Of(message);
        (Status, BytesOut) = (status, error.Length);
        return reply!.AnswerAsync(
            new FrameAnswer
            {
                Status = status,
                ContentType = "application/json",
                Headers = [.. RefusalHeaders.For(status).Select(header => new FrameHeader(header.Name, header.Value))],
            },
            error);
    }

    /// <summary>Saying nothing ends the connection, which the caller has closed already.</summary>
    public void Abandon() => Status = StatusCodes.Status499ClientClosedRequest;

    public void Dispose() => body?.Dispose();
}
