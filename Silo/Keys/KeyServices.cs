using Platform.Contracts.Access;
using Platform.SharedState;

namespace Platform.Silo.Keys;

internal static class KeyServices
{
    public static IServiceCollection AddKeys(this IServiceCollection services)
    {
        services.AddOptions<KeyOptions>().BindConfiguration(KeyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        // A revocation that a crash cut short between writing and publishing comes into force all the same.
        return services.AddApiKeySet().AddReconciler(
            "Keys", TimeSpan.FromSeconds(2), grains => grains.GetGrain<IKeyRingGrain>(IKeyRingGrain.Key).ReconcileAsync());
    }
}
