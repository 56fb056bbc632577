using Platform.Worker.Onnx;

namespace Platform.Worker.Serving;

internal static class ServingServices
{
    /// <summary>What the features of this host share.</summary>
    public static IServiceCollection AddServing(this IServiceCollection services)
    {
        services.AddOptions<ServingOptions>().BindConfiguration(ServingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddSingleton<Devices>()
            .AddSingleton<ServedVersions>()
            .AddSingleton<ExecutorSlots>()
            .AddSingleton<WorkerState>()
            .AddSingleton<WorkerStatistics>()
            .AddSingleton<LoadReport>()
            .AddSingleton<WorkerTelemetry>();
    }
}
