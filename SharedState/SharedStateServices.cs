using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.Core.Access;
using Platform.Core.Limits;
using Platform.SharedState.Access;
using Platform.SharedState.Alerts;
using Platform.SharedState.Artifacts;
using Platform.SharedState.Limits;
using Platform.SharedState.Metrics;
using Platform.SharedState.Plans;
using Platform.SharedState.Quality;
using Platform.SharedState.Workers;

namespace Platform.SharedState;

/// <summary>What a host takes from the shared state. Each needs an <c>IConnectionMultiplexer</c> or the artifact folder.</summary>
public static class SharedStateServices
{
    public static IServiceCollection AddRedisHealth(this IServiceCollection services) => services.AddFollower<RedisHealth>();

    public static IServiceCollection AddPlanStore(this IServiceCollection services) => services.AddSingleton<PlanStore>();

    public static IServiceCollection AddPlanFollower(this IServiceCollection services) =>
        services.AddPlanStore().AddFollower<PlanFollower>();

    public static IServiceCollection AddApiKeySet(this IServiceCollection services) =>
        services.AddSingleton<ApiKeySet>().AddSingleton<PublishedSet<ApiKey>>(provider => provider.GetRequiredService<ApiKeySet>())
            .AddSingleton<ApiKeyUses>();

    public static IServiceCollection AddApiKeyFollower(this IServiceCollection services) =>
        services.AddApiKeySet().AddFollower<PublishedSetFollower<ApiKey>>();

    public static IServiceCollection AddLimitSet(this IServiceCollection services) =>
        services.AddSingleton<LimitSet>().AddSingleton<PublishedSet<LimitPolicy>>(provider => provider.GetRequiredService<LimitSet>());

    public static IServiceCollection AddLimitFollower(this IServiceCollection services) =>
        services.AddLimitSet().AddFollower<PublishedSetFollower<LimitPolicy>>().AddSingleton<SharedBuckets>().AddSingleton<ApiCensus>();

    public static IServiceCollection AddWorkerLeases(this IServiceCollection services) => services.AddSingleton<WorkerLeases>();

    public static IServiceCollection AddWorkerDirectory(this IServiceCollection services) =>
        services.AddWorkerLeases().AddFollower<WorkerDirectory>();

    public static IServiceCollection AddArtifactStore(this IServiceCollection services)
    {
        services.AddOptions<ArtifactOptions>().BindConfiguration(ArtifactOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton(provider => new ArtifactStore(provider.GetRequiredService<IOptions<ArtifactOptions>>().Value))
            .AddHostedService<ArtifactSweeper>();
    }

    /// <summary>Counts what this process does: <see cref="MetricRecorder"/>, flushed each second.</summary>
    public static IServiceCollection AddMetricCounting(this IServiceCollection services)
    {
        services.AddOptions<MetricOptions>().BindConfiguration(MetricOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<MetricRecorder>().AddFollower<MetricFlusher>();
    }

    /// <summary>Reads what all processes counted: <see cref="MetricReader"/>.</summary>
    public static IServiceCollection AddMetricReader(this IServiceCollection services) => services.AddSingleton<MetricReader>();

    /// <summary>Packs what is over; any number of processes may.</summary>
    public static IServiceCollection AddMetricPacking(this IServiceCollection services) => services.AddFollower<MetricPacker>();

    public static IServiceCollection AddQuality(this IServiceCollection services) =>
        services.AddSingleton<PredictionStore>().AddSingleton<QualityStore>().AddSingleton<FeedbackStore>();

    /// <summary>What alerts do, for all to read: <see cref="AlertBoard"/>, <see cref="DeadLetters"/>.</summary>
    public static IServiceCollection AddAlertState(this IServiceCollection services) =>
        services.AddSingleton<AlertBoard>().AddSingleton<GroupAlerts>().AddSingleton<DeadLetters>();

    /// <summary>Encrypts what is secret of channels under the platform key.</summary>
    public static IServiceCollection AddChannelSeal(this IServiceCollection services) =>
        services.AddSingleton(provider => new ChannelSeal(provider.GetRequiredService<IOptions<ArtifactOptions>>().Value));

    private static IServiceCollection AddFollower<T>(this IServiceCollection services)
        where T : class, Microsoft.Extensions.Hosting.IHostedService
    {
        services.AddSingleton<T>();
        return services.AddHostedService(provider => provider.GetRequiredService<T>());
    }
}
