using Platform.SharedState;

namespace Platform.Worker.Drift;

internal static class DriftServices
{
    public static IServiceCollection AddDrift(this IServiceCollection services)
    {
        services.AddOptions<DriftOptions>().BindConfiguration(DriftOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddDriftStore().AddHostedService<DriftWriter>();
    }
}
