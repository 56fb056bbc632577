using Platform.SharedState;
using Platform.SharedState.Metrics;
using Platform.Silo.Alerts.Channels;

namespace Platform.Silo.Alerts;

internal static class AlertServices
{
    /// <summary>Needs the metric reader, the artifact options and the workers' directory, which others register.</summary>
    public static IServiceCollection AddAlerts(this IServiceCollection services)
    {
        services.AddOptions<AlertOptions>().BindConfiguration(AlertOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services
            .AddQuality()
            .AddDriftStore()
            .AddProtectionState()
            .AddPlanFollower()
            .AddAlertState()
            .AddChannelSeal()
            .AddSingleton<TargetGuard>()
            .AddSingleton<ChannelSender>()
            .AddSingleton<ActiveModels>()
            .AddSingleton<AlertMeasurements>()
            .AddSingleton<RuleReplay>()
            .AddSingleton<DefaultRuleKeeper>()
            .AddSingleton<AlertReconciler>()
            .AddReconciler("Alerts", TimeSpan.FromSeconds(5), (provider, cancellation) => provider.GetRequiredService<AlertReconciler>().ReconcileAsync(cancellation));
    }
}
