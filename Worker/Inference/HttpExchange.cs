using System.Globalization;
using Platform.Core.Protection;
using Platform.SharedState.Workers;
using Platform.Worker.Inference.Codec;
using Platform.Worker.Serving;

namespace Platform.Worker.Inference;

/// <summary>An inference that came straight to the worker, over HTTP.</summary>
internal sealed class HttpExchange(HttpContext context) : IExchange
{
    public string Model { get; } = (string)context.Request.RouteValues["model"]!;

    public string Version { get; } = (string)context.Request.RouteValues["version"]!;

    public string RequestId => context.Request.Headers[WorkerProtocol.RequestIdHeader].ToString();

    public string Route => context.Request.Headers[WorkerProtocol.RouteHeader].ToString();

    public OutputLimit? Limit => OutputLimit.Parse(context.Request.Headers[WorkerProtocol.LimitHeader]);

    public TimeSpan? Timeout => null;

    public string? TraceParent => null;

    public CancellationToken Gone => context.RequestAborted;

    public long BytesIn => context.Request.ContentLength ?? 0;

    public long BytesOut => context.Response.ContentLength ?? 0;

    public int? Status { get; private set; }

    public ValueTask<RequestBody> ReadBodyAsync(int maxBytes) => new(RequestBody.ReadAsync(context.Request, maxBytes, Gone));

    public void AddHeader(string name, string value) => context.Response.Headers[name] = value;

    public ValueTask AnswerAsync(in Execution execution, int items, ResponseBody answer)
    {
        var headers = context.Response.Headers;
        headers[WorkerProtocol.QueueMicrosecondsHeader] = Microseconds(execution.Queued);
        headers[WorkerProtocol.ComputeMicrosecondsHeader] = Microseconds(execution.Computed);
        headers[WorkerProtocol.ComputeShareMicrosecondsHeader] = Microseconds(execution.ShareOf(items));
        headers[WorkerProtocol.BatchSizeHeader] = execution.BatchSize.ToString(CultureInfo.InvariantCulture);
        Status = StatusCodes.Status200OK;
        context.Response.ContentLength = answer.Length;
        context.Response.ContentType = answer.ContentType;
        if (answer.HeaderLength is { } length)
            headers[RequestBody.HeaderLengthHeader] = length.ToString(CultureInfo.InvariantCulture);
        return answer.SendAsync(context.Response.BodyWriter, Gone);
    }

    public ValueTask RefuseAsync(int status, string message)
    {
        if (context.Response.HasStarted) throw new InvalidOperationException($"The answer had begun when it turned out: {message}");
        Status = status;
        foreach (var (name, value) in RefusalHeaders.For(status)) context.Response.Headers[name] = value;
        return new(ErrorBody.WriteAsync(context, status, message));
    }

    public void Abandon()
    {
        Status = StatusCodes.Status499ClientClosedRequest;
        // For the server's own counts, unless it has said something else already.
        if (!context.Response.HasStarted) context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
    }

    private static string Microseconds(TimeSpan time) => ((long)time.TotalMicroseconds).ToString(CultureInfo.InvariantCulture);
}
