using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Orleans.Runtime;
using Platform.Contracts;
using StackExchange.Redis;

namespace Platform.Api.Conventions;

/// <summary>The one place where an exception becomes an answer.</summary>
internal sealed partial class ExceptionMapping(ILogger<ExceptionMapping> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        // Nobody is left to read an answer.
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested) return true;
        var (status, detail, field) = exception switch
        {
            BadHttpRequestException { InnerException: JsonException json } => (400, Describe(json), FieldOf(json)),
            BadHttpRequestException bad => (bad.StatusCode, bad.Message, null),
            ControlPlaneUnavailableException or RedisException or TimeoutException or OrleansException
                or Orleans.Storage.InconsistentStateException => (503, "The control plane cannot answer just now. Nothing was changed by halves; try again.", (string?)null),
            _ => (500, "This should not have happened; the log has the cause under the trace id.", null),
        };
        if (status is 500) LogUnexpected(exception, httpContext.Request.Path);
        if (status is 503) LogUnavailable(httpContext.Request.Path, exception.Message);
        await Errors.WriteAsync(httpContext, status, detail, field);
        return true;
    }

    private static string Describe(JsonException json)
    {
        // The library's sentence ends in its own position text, which says the same again.
        var end = json.Message.IndexOf(" Path:", StringComparison.Ordinal);
        var text = end > 0 ? json.Message[..end] : json.Message;
        return $"The body is not the JSON expected here: {text} (line {json.LineNumber + 1}, byte {json.BytePositionInLine}).";
    }

    private static string? FieldOf(JsonException json) =>
        json.Path is { Length: > 2 } path ? path[2..] : null;

    [LoggerMessage(LogLevel.Error, "A request to {Path} failed unexpectedly.")]
    private partial void LogUnexpected(Exception exception, string path);

    [LoggerMessage(LogLevel.Warning, "A request to {Path} was refused: the control plane is unavailable ({Reason}).")]
    private partial void LogUnavailable(string path, string reason);
}
