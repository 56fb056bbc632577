using System.Globalization;
using System.Text.Json.Serialization;
using Grpc.Core;
using Platform.Core;
using Platform.SharedState;
using Platform.SharedState.Idempotency;

namespace Platform.Api.Conventions;

internal static class ConventionServices
{
    public static IServiceCollection AddConventions(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            PlatformJson.Configure(json.SerializerOptions);
            // A field nobody knows is a mistake of the caller's that should not pass in silence.
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        });
        // So that a body that cannot be read reaches the exception mapping, which names the field.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.AddExceptionHandler<ExceptionMapping>();
        services.AddProblemDetails();
        return services.AddRedisHealth().AddDataSeal().AddSingleton<IdempotencyStore>();
    }

    /// <summary>Gives answers that nobody wrote (no such path, wrong method, no key) the shape that API.md promises.</summary>
    public static IApplicationBuilder UseErrorBodies(this IApplicationBuilder app) => app.UseStatusCodePages(context =>
    {
        var http = context.HttpContext;
        var detail = RefusalDetail.Find(http) ?? Describe(http.Response.StatusCode, http.Request);
        if (!IsGrpc(http.Request)) return Errors.WriteAsync(http, http.Response.StatusCode, detail);
        WriteGrpcStatus(http.Response, detail);
        return Task.CompletedTask;
    });

    private static string Describe(int status, HttpRequest request) => status switch
    {
        401 => "Send a known key: Authorization: Bearer <key>, or X-Api-Key: <key>.",
        403 => "This key lacks the role that the call needs.",
        // V2 clients look for these very words.
        404 when request.Path.StartsWithSegments("/v2") => "Not Found",
        404 => "There is nothing at this path.",
        405 => "Method Not Allowed",
        415 => "Send Content-Type: application/json.",
        _ => "The request was refused.",
    };

    private static bool IsGrpc(HttpRequest request) =>
        request.ContentType is { } type && type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase);

    /// <summary>An answer without a message: gRPC clients read the status from the headers, and HTTP's own must be 200.</summary>
    private static void WriteGrpcStatus(HttpResponse response, string detail)
    {
        var status = response.StatusCode switch
        {
            401 => StatusCode.Unauthenticated,
            403 => StatusCode.PermissionDenied,
            404 => StatusCode.Unimplemented,
            _ => StatusCode.Unknown,
        };
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = ((int)status).ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = Uri.EscapeDataString(detail);
    }
}
