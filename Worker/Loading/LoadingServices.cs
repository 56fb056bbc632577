namespace Platform.Worker.Loading;

internal static class LoadingServices
{
    public static IServiceCollection AddLoading(this IServiceCollection services)
    {
        services.AddOptions<LoadingOptions>().BindConfiguration(LoadingOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<VersionLoader>().AddSingleton<KeptVersions>().AddSingleton<Reconciler>().AddSingleton<IdleShrinker>();
    }

    /// <summary>Follows the plans in Redis; apart from <see cref="AddLoading"/>, which needs none.</summary>
    public static IServiceCollection AddPlanLoop(this IServiceCollection services) => services
        .AddHostedService<PlanLoop>()
        .AddHostedService(provider => provider.GetRequiredService<IdleShrinker>());
}
