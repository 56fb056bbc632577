using System.Text.Json.Serialization;
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
        return services.AddRedisHealth().AddSingleton<IdempotencyStore>().AddSingleton<AnswerSeal>();
    }

    /// <summary>Gives answers that nobody wrote (no such path, wrong method, no key) the shape that API.md promises.</summary>
    public static IApplicationBuilder UseErrorBodies(this IApplicationBuilder app) => app.UseStatusCodePages(context =>
        Errors.WriteAsync(context.HttpContext, context.HttpContext.Response.StatusCode, RefusalDetail.Find(context.HttpContext) ?? context.HttpContext.Response.StatusCode switch
        {
            401 => "Send a known key: Authorization: Bearer <key>, or X-Api-Key: <key>.",
            403 => "This key lacks the role that the call needs.",
            404 => "There is nothing at this path.",
            405 => "Method Not Allowed",
            415 => "Send Content-Type: application/json.",
            _ => "The request was refused.",
        }));
}
