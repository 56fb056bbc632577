using Platform.Api.Serving;
using Platform.SharedState;

namespace Platform.Api.Rollouts;

internal static class RolloutServices
{
    public static IServiceCollection AddRollouts(this IServiceCollection services)
    {
        services.AddOptions<ShadowOptions>().BindConfiguration(ShadowOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddRolloutStores().AddSingleton<ShadowTally>()
            .AddSingleton<ShadowMirror>().AddSingleton<IAnswerObserver>(provider => provider.GetRequiredService<ShadowMirror>())
            .AddHostedService<ShadowRunner>();
    }
}
