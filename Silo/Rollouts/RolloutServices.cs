using Platform.SharedState;

namespace Platform.Silo.Rollouts;

internal static class RolloutServices
{
    public static IServiceCollection AddRollouts(this IServiceCollection services)
    {
        services.AddOptions<RolloutOptions>().BindConfiguration(RolloutOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddRolloutStores().AddQuality().AddSingleton<RolloutCounts>().AddHostedService<RolloutWaker>();
    }
}
