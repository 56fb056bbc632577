using Platform.SharedState;

namespace Platform.Api.Privacy;

internal static class PrivacyServices
{
    public static IServiceCollection AddPrivacy(this IServiceCollection services) =>
        services.AddSubjects().AddErasures();
}
