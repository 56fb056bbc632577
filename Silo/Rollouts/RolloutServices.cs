using Platform.Contracts.Rollouts;
using Platform.SharedState;
using Platform.SharedState.Driven;

namespace Platform.Silo.Rollouts;

internal static class RolloutServices
{
    public static IServiceCollection AddRollouts(this IServiceCollection services)
    {
        services.AddOptions<RolloutOptions>().BindConfiguration(RolloutOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddRolloutStores()
            .AddQuality()
            .AddSingleton<RolloutCounts>()
            .AddOpenWork()
            .AddWaker(WorkKind.Rollout, (grains, rollout) => grains.GetGrain<IRolloutGrain>(rollout).GetAsync());
    }
}
