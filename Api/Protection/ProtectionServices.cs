using Platform.Api.Serving;

namespace Platform.Api.Protection;

internal static class ProtectionServices
{
    public static IServiceCollection AddProtection(this IServiceCollection services)
    {
        services.AddOptions<MonitorOptions>().BindConfiguration(MonitorOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddSingleton<ThrottleGate>().AddSingleton<ICallGate>(provider => provider.GetRequiredService<ThrottleGate>())
            .AddHostedService(provider => provider.GetRequiredService<ThrottleGate>())
            .AddSingleton<QueryWatch>().AddSingleton<IAnswerObserver>(provider => provider.GetRequiredService<QueryWatch>())
            .AddHostedService(provider => provider.GetRequiredService<QueryWatch>());
    }
}
