using Platform.Core;
using Platform.Worker.Serving;

namespace Platform.Worker.Profiling;

internal static class ProfilingServices
{
    public static IServiceCollection AddProfiling(this IServiceCollection services)
    {
        services.AddOptions<ProfilingOptions>().BindConfiguration(ProfilingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<Profiler>();
    }

    public static void MapProfiling(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/internal/models/{model}/versions/{version}/profile", ReportAsync);

    private static async Task ReportAsync(HttpContext context, string model, string version, ServedVersions versions)
    {
        if (versions.TryUse(model, version, out var served))
        {
            using (served) await context.Response.WriteAsJsonAsync(served.Profile.Report(served), PlatformJson.Options, context.RequestAborted);
            return;
        }

        await ErrorBody.WriteAsync(
            context, StatusCodes.Status421MisdirectedRequest,
            $"Request for unknown model: '{model}' version {version} is not loaded on this worker");
    }
}
