using Platform.SharedState;
using Platform.SharedState.Statistics;

namespace Platform.Api.Serving;

internal static class ServingServices
{
    /// <summary>The way of an inference from a protocol's endpoint to a worker and back.</summary>
    public static IServiceCollection AddServing(this IServiceCollection services)
    {
        services.AddOptions<InferenceOptions>().BindConfiguration(InferenceOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<CacheOptions>().BindConfiguration(CacheOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<QuarantineOptions>().BindConfiguration(QuarantineOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddHealthChecks().AddCheck<ServingHealth>("serving");
        return services.AddPlanFollower()
            .AddSingleton<InferenceMetrics>().AddSingleton<IAnswerObserver>(provider => provider.GetRequiredService<InferenceMetrics>())
            .AddSingleton<LiveDeployments>().AddSharedAnswers().AddSingleton<AnswerCache>()
            .AddSingleton<CacheCounts>().AddSingleton<IStatisticsSource>(provider => provider.GetRequiredService<CacheCounts>()).AddStatisticsStore().AddStatisticsFlushing()
            .AddProtectionState().AddFindingCounts().AddFindingFlushing()
            .AddSingleton<Quarantine>().AddHostedService(provider => provider.GetRequiredService<Quarantine>())
            .AddSingleton<Dispatcher>().AddSingleton<Degradation>().AddSubjects().AddSingleton<CallSubjects>().AddSingleton<InferencePath>();
    }
}
