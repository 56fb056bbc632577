using Microsoft.Extensions.Hosting;

namespace Platform.Api.Conventions;

/// <summary>
/// Keeps management and inference on their own ports where <c>Management:Urls</c> gives management one: what is not
/// there answers as if it did not exist. Health is on all.
/// </summary>
internal static class Surfaces
{
    public static IApplicationBuilder UseSurfaces(this IApplicationBuilder app)
    {
        var management = KestrelEndpoints.ManagementPorts(app.ApplicationServices.GetRequiredService<IConfiguration>());
        if (management.Count == 0) return app;
        return app.Use((context, next) => IsHealth(context.Request.Path) || IsInference(context.Request) != management.Contains(context.Connection.LocalPort)
            ? next(context)
            : Errors.WriteAsync(context, StatusCodes.Status404NotFound, "There is nothing at this path on this port."));
    }

    private static bool IsHealth(PathString path) => path == Extensions.HealthPath || path == Extensions.AlivePath;

    private static bool IsInference(HttpRequest request) =>
        request.Path.StartsWithSegments("/v2") || request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) is true;
}
