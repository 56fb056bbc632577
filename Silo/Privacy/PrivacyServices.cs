using Platform.SharedState;

namespace Platform.Silo.Privacy;

internal static class PrivacyServices
{
    public static IServiceCollection AddPrivacy(this IServiceCollection services)
    {
        services.AddOptions<PrivacyOptions>().BindConfiguration(PrivacyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSubjects().AddErasures().AddDataSweeper().AddHostedService<PrivacyWaker>();
    }
}
