using Platform.Core;
using Platform.Core.Results;
using Platform.Worker.Probing;
using Platform.Worker.Serving;

namespace Platform.Worker.Inspection;

internal static class InspectionEndpoints
{
    public static IServiceCollection AddInspection(this IServiceCollection services)
    {
        services.AddOptions<ProbeOptions>().BindConfiguration(ProbeOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<ProbeProcess>().AddSingleton<Inspector>();
    }

    public static void MapInspection(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/staged/{stagingId}/inspect", InspectAsync);

    private static async Task InspectAsync(HttpContext context, string stagingId, Inspector inspector)
    {
        var outcome = await inspector.InspectAsync(stagingId, context.RequestAborted);
        if (outcome.Succeeded(out var signature, out var refusal))
            await context.Response.WriteAsJsonAsync(signature, PlatformJson.Options, context.RequestAborted);
        else
            await ErrorBody.WriteAsync(context, StatusOf(refusal.Reason), refusal.Detail);
    }

    private static int StatusOf(RefusalReason reason) => reason switch
    {
        RefusalReason.NotFound => StatusCodes.Status404NotFound,
        RefusalReason.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status422UnprocessableEntity,
    };
}
