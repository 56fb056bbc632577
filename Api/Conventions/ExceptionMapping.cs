using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Orleans.Runtime;
using Platform.Contracts;
using Platform.SharedState;

namespace Platform.Api.Conventions;

/// <summary>The one place where an exception becomes an answer.</summary>
internal sealed partial class ExceptionMapping(ILogger<ExceptionMapping> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        // Nobody is left to read an answer.
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested) return true;
        var (status, detail, field) = Explain(exception);
        if (status is 500) LogUnexpected(exception, httpContext.Request.Path);
        if (status is 503) LogUnavailable(httpContext.Request.Path, exception.Message);
        await Errors.WriteAsync(httpContext, status, detail, field);
        return true;
    }

    /// <summary>The status, what to tell the caller, and the field at fault where there is one.</summary>
    public static (int Status, string Detail, string? Field) Explain(Exception exception) => exception switch
    {
        BadHttpRequestException { InnerException: JsonException json } => (400, Describe(json), FieldOf(json)),
        BadHttpRequestException { StatusCode: 415 } => (415, "Send a JSON body with Content-Type: application/json.", null),
        BadHttpRequestException { StatusCode: 400 } bad when bad.Message.Contains("no body", StringComparison.Ordinal) => (400, "Send a JSON body.", null),
        BadHttpRequestException { StatusCode: 400 } bad when Unbound().Match(bad.Message) is { Success: true } match =>
            (400, $"'{match.Groups["value"].Value}' is no valid value of '{match.Groups["name"].Value}'.", match.Groups["name"].Value),
        BadHttpRequestException bad => (bad.StatusCode, bad.Message, null),
        // Ours alone: a client's broken connection is a BadHttpRequestException or a cancellation.
        IOException => (503, "The artifact store does not answer. Nothing was kept; try again.", null),
        _ when IsControlPlaneAway(exception) => (503, "The control plane cannot answer just now. Nothing was changed by halves; try again.", (string?)null),
        _ => (500, "This should not have happened; the log has the cause under the trace id.", null),
    };

    private static bool IsControlPlaneAway(Exception exception) =>
        exception is ControlPlaneUnavailableException or OrleansException || RedisFault.Is(exception);

    // The library's own sentences name our types; a caller knows fields.
    private static string Describe(JsonException json)
    {
        var field = FieldOf(json);
        if (field is null) return $"The body is not valid JSON: look at line {json.LineNumber + 1}, byte {json.BytePositionInLine}.";
        if (json.Message.Contains("could not be mapped", StringComparison.Ordinal)) return $"There is no field '{field}' here. Check its spelling, or leave it out.";
        if (json.Message.Contains("could not be converted", StringComparison.Ordinal)) return $"The value of '{field}' is of the wrong type or not one of the allowed ones.{AllowedNames.Of(json)}";
        var end = json.Message.IndexOf(" Path:", StringComparison.Ordinal);
        return $"The value of '{field}' cannot be read: {(end > 0 ? json.Message[..end] : json.Message)}";
    }

    private static string? FieldOf(JsonException json) =>
        json.Path is { Length: > 2 } path ? path[2..] : null;

    [GeneratedRegex("""parameter "\S+ (?<name>\w+)" from "(?<value>.*)"\.""")]
    private static partial Regex Unbound();

    [LoggerMessage(LogLevel.Error, "A request to {Path} failed unexpectedly.")]
    private partial void LogUnexpected(Exception exception, string path);

    [LoggerMessage(LogLevel.Warning, "A request to {Path} was refused: the control plane is unavailable ({Reason}).")]
    private partial void LogUnavailable(string path, string reason);
}
