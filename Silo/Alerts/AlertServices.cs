using Platform.SharedState;
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
            .AddSingleton<AlertMeasurements>()
            .AddSingleton<RuleReplay>()
            .AddSingleton<DefaultRuleKeeper>()
            .AddHostedService<AlertReconciler>();
    }
}
