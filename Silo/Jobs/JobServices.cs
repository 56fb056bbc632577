using Platform.SharedState;

namespace Platform.Silo.Jobs;

internal static class JobServices
{
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddOptions<JobOptions>().BindConfiguration(JobOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddJobStores().AddHostedService<JobWaker>();
    }
}
