using Platform.SharedState;

namespace Platform.Silo.Keys;

internal static class KeyServices
{
    public static IServiceCollection AddKeys(this IServiceCollection services)
    {
        services.AddOptions<KeyOptions>().BindConfiguration(KeyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddApiKeySet().AddHostedService<KeyReconciler>();
    }
}
