using System.Globalization;
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

    public TimeSpan? Timeout => null;

    public string? TraceParent => null;

    public CancellationToken Gone => context.RequestAborted;

    public ValueTask<RequestBody> ReadBodyAsync(int maxBytes) => new(RequestBody.ReadAsync(context.Request, maxBytes, Gone));

    public void AddHeader(string name, string value) => context.Response.Headers[name] = value;

    public ValueTask AnswerAsync(in Execution execution, int items, ResponseBody answer)
    {
        var headers = context.Response.Headers;
        headers[WorkerProtocol.QueueMicrosecondsHeader] = Microseconds(execution.Queued);
        headers[WorkerProtocol.ComputeMicrosecondsHeader] = Microseconds(execution.Computed);
        headers[WorkerProtocol.ComputeShareMicrosecondsHeader] = Microseconds(execution.ShareOf(items));
        headers[WorkerProtocol.BatchSizeHeader] = execution.BatchSize.ToString(CultureInfo.InvariantCulture);
        context.Response.ContentLength = answer.Length;
        context.Response.ContentType = answer.ContentType;
        if (answer.HeaderLength is { } length)
            headers[RequestBody.HeaderLengthHeader] = length.ToString(CultureInfo.InvariantCulture);
        return answer.SendAsync(context.Response.BodyWriter, Gone);
    }

    public ValueTask RefuseAsync(int status, string message)
    {
        if (context.Response.HasStarted) throw new InvalidOperationException($"The answer had begun when it turned out: {message}");
        foreach (var (name, value) in RefusalHeaders.For(status)) context.Response.Headers[name] = value;
        return new(ErrorBody.WriteAsync(context, status, message));
    }

    /// <summary>The status is for the server's own counts.</summary>
    public void Abandon() => context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;

    private static string Microseconds(TimeSpan time) => ((long)time.TotalMicroseconds).ToString(CultureInfo.InvariantCulture);
}
