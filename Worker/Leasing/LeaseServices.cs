namespace Platform.Worker.Leasing;

internal static class LeaseServices
{
    public static IServiceCollection AddLease(this IServiceCollection services)
    {
        services.AddOptions<LeaseOptions>().BindConfiguration(LeaseOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddHealthChecks().AddCheck<LeaseHealth>("worker");
        return services.AddSingleton<UseMeter>().AddSingleton<LeaseRenewer>().AddHostedService(provider => provider.GetRequiredService<LeaseRenewer>());
    }
}
