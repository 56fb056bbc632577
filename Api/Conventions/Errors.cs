using System.Diagnostics;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Platform.Core;

namespace Platform.Api.Conventions;

/// <summary>The two shapes of an error: <c>{"error": …}</c> on /v2, problem+json (RFC 9457) everywhere else.</summary>
internal static class Errors
{
    private const string RetryAfterSeconds = "2";

    public static Task WriteAsync(HttpContext context, int status, string detail, string? field = null)
    {
        context.Response.StatusCode = status;
        if (status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests)
            context.Response.Headers.TryAdd(HeaderNames.RetryAfter, RetryAfterSeconds);

        return context.Request.Path.StartsWithSegments("/v2")
            ? context.Response.WriteAsJsonAsync(new InferenceError(detail), PlatformJson.Options)
            : context.Response.WriteAsJsonAsync(ToProblem(context, status, detail, field), PlatformJson.Options, "application/problem+json");
    }

    private static Problem ToProblem(HttpContext context, int status, string detail, string? field) => new(
        $"https://httpstatuses.io/{status}",
        ReasonPhrases.GetReasonPhrase(status),
        status,
        detail,
        context.Request.Path,
        Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier,
        field is null ? null : new() { [field] = [detail] });

    internal sealed record InferenceError(string Error);

    internal sealed record Problem(
        string Type, string Title, int Status, string Detail, string Instance, string TraceId, Dictionary<string, string[]>? Errors);
}
