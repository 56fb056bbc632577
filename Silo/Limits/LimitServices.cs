using Platform.SharedState;

namespace Platform.Silo.Limits;

internal static class LimitServices
{
    public static IServiceCollection AddLimits(this IServiceCollection services)
    {
        services.AddOptions<LimitOptions>().BindConfiguration(LimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddLimitSet().AddHostedService<LimitReconciler>();
    }
}
