using Platform.SharedState;

namespace Platform.Silo.Validations;

internal static class ValidationServices
{
    public static IServiceCollection AddValidations(this IServiceCollection services)
    {
        services.AddOptions<ValidationOptions>().BindConfiguration(ValidationOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddDriftStore().AddProtectionState().AddSingleton<MeasuringWorkers>();
    }
}
