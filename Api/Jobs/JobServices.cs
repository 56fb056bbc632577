using Platform.SharedState;

namespace Platform.Api.Jobs;

internal static class JobServices
{
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddOptions<JobUploadOptions>().BindConfiguration(JobUploadOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddJobStores().AddSingleton<JobUpload>();
    }
}
