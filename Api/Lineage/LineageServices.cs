using Platform.Api.Serving;
using Platform.SharedState.Lineage;

namespace Platform.Api.Lineage;

internal static class LineageServices
{
    public static IServiceCollection AddLineage(this IServiceCollection services)
    {
        services.AddOptions<LineageOptions>().BindConfiguration(LineageOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<RequestStore>().AddSingleton<DecisionAudit>().AddSingleton<RolloutSteps>().AddSingleton<RequestRecorder>()
            .AddSingleton<IAnswerObserver>(provider => provider.GetRequiredService<RequestRecorder>())
            .AddHostedService(provider => provider.GetRequiredService<RequestRecorder>());
    }
}
