using Platform.Api.Conventions;

namespace Platform.Api.Draining;

internal static class DrainServices
{
    private static readonly PathString ReadyPath = "/v2/health/ready";

    public static IServiceCollection AddDraining(this IServiceCollection services)
    {
        services.AddOptions<DrainOptions>().BindConfiguration(DrainOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddHealthChecks().AddCheck<Drain>("draining");
        return services.AddSingleton<Drain>().AddHostedService(provider => provider.GetRequiredService<Drain>());
    }

    public static IApplicationBuilder UseDraining(this IApplicationBuilder app)
    {
        var drain = app.ApplicationServices.GetRequiredService<Drain>();
        return app.Use((context, next) =>
        {
            if (!drain.IsDraining) return next(context);
            // HTTP/2 has its own way of saying so, and forbids this one.
            if (HttpProtocol.IsHttp11(context.Request.Protocol)) context.Response.Headers.Connection = "close";
            return context.Request.Path == ReadyPath
                ? Errors.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "This server is stopping.")
                : next(context);
        });
    }
}
