using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Proxying;
using Aspire.Hosting.Publishing;
using Aspire.Hosting.Redis;
using Aspire.Hosting.Reporting;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Running;

internal static class RunnerServices
{
    public static IServiceCollection AddRunner(
        this IServiceCollection services, IDistributedApplicationBuilder builder, DistributedApplicationOptions options)
    {
        services.Configure<ResourceNotificationServiceOptions>(waits => waits.DefaultWaitBehavior = options.DisableDashboard
            ? WaitBehavior.StopOnResourceUnavailable
            : WaitBehavior.WaitOnResourceUnavailable);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        // Signals to a test are for whoever runs the tests.
        if (options.DisableDashboard) services.AddSingleton<IHostLifetime, TestLifetime>();
        services.AddSingleton(builder);
        services.AddSingleton<ResourceNotificationService>();
        services.AddSingleton<ManifestPublisher>();
        services.AddSingleton<DataFolder>();
        services.AddSingleton<Guardian>();
        services.AddSingleton<ChildRecord>();
        services.TryAddSingleton(Console.Out);
        services.AddSingleton<ConsoleLines>();
        services.AddSingleton<Summary>();
        services.AddSingleton<FreePorts>();
        services.AddSingleton<PortPlan>();
        services.AddSingleton<ReplicaSet>();
        services.AddSingleton<ReplicaRunners>();
        services.AddSingleton<Dependencies>();
        services.AddSingleton<HealthMonitor>();
        services.AddSingleton<RedisEngine>();
        services.AddSingleton<ProcessSpecs>();
        services.AddSingleton<ProxyServer>();
        services.AddSingleton<Preparation>();
        return services.AddHostedService<Orchestrator>();
    }
}
