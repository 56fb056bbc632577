using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Platform.Worker.Inference.Batching;
using Platform.SharedState;
using Platform.Worker.Inference.Frames;
using Platform.Worker.Inference.Protection;
using Platform.Worker.Serving.Protection;
using Platform.Worker.Serving;

namespace Platform.Worker.Inference;

internal static class InferenceServices
{
    public static IServiceCollection AddInference(this IServiceCollection services)
    {
        services.AddOptions<InferenceOptions>().BindConfiguration(InferenceOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<FrameOptions>().BindConfiguration(FrameOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ProtectionOptions>().BindConfiguration(ProtectionOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddFindingCounts().AddSingleton<RequestProtection>().AddSingleton<Squeezer>()
            .AddSingleton<SqueezeQueue>().AddHostedService(provider => provider.GetRequiredService<SqueezeQueue>());
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<InferenceOptions>>((kestrel, inference) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = inference.Value.MaxRequestBytes;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1);
        });
        return services.AddSingleton<InferenceCounting>().AddSingleton<ModelRunner>().AddSingleton<WaitingLine>().AddSingleton<Executors>().AddSingleton<IBackgroundRuns, BackgroundRuns>().AddSingleton<InferenceHandler>()
            .AddSingleton<FrameServer>().AddHostedService(provider => provider.GetRequiredService<FrameServer>());
    }

    public static void MapInference(this IEndpointRouteBuilder routes)
    {
        var handler = routes.ServiceProvider.GetRequiredService<InferenceHandler>();
        routes.MapPost("/internal/models/{model}/versions/{version}/infer", context => handler.HandleAsync(new HttpExchange(context)));
    }
}
