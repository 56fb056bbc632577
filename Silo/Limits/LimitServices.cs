using Platform.Contracts.Limits;
using Platform.SharedState;

namespace Platform.Silo.Limits;

internal static class LimitServices
{
    public static IServiceCollection AddLimits(this IServiceCollection services)
    {
        services.AddOptions<LimitOptions>().BindConfiguration(LimitOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        // A change that a crash cut short between writing and publishing comes into force all the same.
        return services.AddLimitSet().AddReconciler(
            "Limits", TimeSpan.FromSeconds(2), grains => grains.GetGrain<ILimitsGrain>(ILimitsGrain.Key).ReconcileAsync());
    }
}
