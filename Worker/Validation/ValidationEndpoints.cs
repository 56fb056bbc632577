using System.Text.Json;
using Platform.Core;
using Platform.Core.Models.Validations;
using Platform.SharedState.Workers;
using Platform.Worker.Serving;

namespace Platform.Worker.Validation;

internal static class ValidationEndpoints
{
    public static IServiceCollection AddValidation(this IServiceCollection services)
    {
        services.AddOptions<ValidationOptions>().BindConfiguration(ValidationOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<Validator>();
    }

    public static void MapValidation(this IEndpointRouteBuilder routes) => routes.MapPost(WorkerProtocol.ValidatePath, MeasureAsync);

    private static async Task MeasureAsync(HttpContext context, Validator validator, WorkerState state)
    {
        MeasurementRequest? request;
        try
        {
            request = await context.Request.ReadFromJsonAsync<MeasurementRequest>(PlatformJson.Options, context.RequestAborted);
        }
        catch (JsonException e)
        {
            await ErrorBody.WriteAsync(context, StatusCodes.Status400BadRequest, $"The order cannot be read: {e.Message}");
            return;
        }

        if (request is null || state.RefusesWork || !validator.TryEnter())
        {
            await ErrorBody.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "This worker takes no validation now; ask another one.");
            return;
        }

        var measured = await validator.MeasureAsync(request, context.RequestAborted);
        await context.Response.WriteAsJsonAsync(measured, PlatformJson.Options, context.RequestAborted);
    }
}
