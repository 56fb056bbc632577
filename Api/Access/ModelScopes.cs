using Microsoft.AspNetCore.Authorization;
using Platform.Api.Conventions;
using Platform.ServiceDefaults;

namespace Platform.Api.Access;

/// <summary>Marks a route without a model in its path that looks itself at what the caller's key reaches.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChecksModelsAttribute : Attribute;

/// <summary>Keeps callers that are limited to models to those. What on /v1 is about no model at all is not theirs either, nor is what is counted of all.</summary>
internal static class ModelScopes
{
    public static IApplicationBuilder UseModelScopes(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.GetEndpoint() is not { } endpoint || !context.User.IsScoped() || Reaches(context, endpoint)) return next(context);
        context.RequestServices.GetRequiredService<AccessMetrics>().Refused("model");
        return Errors.WriteAsync(context, StatusCodes.Status403Forbidden, "This key is limited to certain models, and the call is not about one of them.");
    });

    /// <summary>These are about the key or the platform, or look at the model themselves.</summary>
    private static bool NeedsNoModel(PathString path) => !path.StartsWithSegments("/v1") && !path.StartsWithSegments(Telemetry.MetricsPath);

    private static bool Reaches(HttpContext context, Endpoint endpoint)
    {
        if (context.Request.RouteValues.TryGetValue("model", out var model)) return context.User.MayUse((string)model!);
        return NeedsNoModel(context.Request.Path)
            || endpoint.Metadata.GetMetadata<ChecksModelsAttribute>() is not null
            || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
    }
}
