using Platform.SharedState;

namespace Platform.Worker.Jobs;

internal static class JobServices
{
    /// <summary>Needs the features that serve, and Redis.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddOptions<JobWorkOptions>().BindConfiguration(JobWorkOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddJobStores().AddSingleton<JobPace>().AddSingleton<RowScorer>().AddSingleton<InputSource>()
            .AddSingleton<ScanWork>().AddSingleton<ShardWork>().AddSingleton<FinishWork>().AddSingleton<HeldWork>().AddHostedService<JobLoop>();
    }
}
