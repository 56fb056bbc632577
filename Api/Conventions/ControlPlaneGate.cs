using Platform.SharedState;

namespace Platform.Api.Conventions;

/// <summary>While Redis is away, control calls are told so at once instead of after a timeout.</summary>
internal static class ControlPlaneGate
{
    public static RouteGroupBuilder RequireControlPlane(this RouteGroupBuilder group) => group.AddEndpointFilter(async (context, next) =>
    {
        if (context.HttpContext.RequestServices.GetRequiredService<RedisHealth>().IsUp) return await next(context);
        await Errors.WriteAsync(
            context.HttpContext, StatusCodes.Status503ServiceUnavailable, "The platform's state store does not answer. Inference goes on; try again.");
        return Results.Empty;
    });
}
