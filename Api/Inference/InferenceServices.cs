using Platform.SharedState;

namespace Platform.Api.Inference;

internal static class InferenceServices
{
    public static IServiceCollection AddInference(this IServiceCollection services)
    {
        services.AddOptions<InferenceOptions>().BindConfiguration(InferenceOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddPlanFollower().AddSingleton<InferenceMetrics>().AddSingleton<Forwarder>();
    }
}
