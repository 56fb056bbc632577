using Platform.Core;
using Platform.Core.Results;

namespace Platform.Worker.Inspection;

internal static class InspectionEndpoints
{
    public static IServiceCollection AddInspection(this IServiceCollection services)
    {
        services.AddOptions<InspectionOptions>().BindConfiguration(InspectionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<Inspector>();
    }

    public static void MapInspection(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/internal/staged/{stagingId}/inspect", InspectAsync);

    private static async Task<IResult> InspectAsync(string stagingId, Inspector inspector, CancellationToken cancellation)
    {
        var outcome = await inspector.InspectAsync(stagingId, cancellation);
        return outcome.Succeeded(out var signature, out var refusal)
            ? Results.Json(signature, PlatformJson.Options)
            : Results.Json(new { error = refusal.Detail }, statusCode: StatusOf(refusal.Reason));
    }

    private static int StatusOf(RefusalReason reason) => reason switch
    {
        RefusalReason.NotFound => StatusCodes.Status404NotFound,
        RefusalReason.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status422UnprocessableEntity,
    };
}
