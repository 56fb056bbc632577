using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Platform.Core.Access;
using Platform.Core.Limits;
using Platform.SharedState.Access;
using Platform.SharedState.Alerts;
using Platform.SharedState.Artifacts;
using Platform.SharedState.Audit;
using Platform.SharedState.Drift;
using Platform.SharedState.Driven;
using Platform.SharedState.Experiments;
using Platform.SharedState.Caching;
using Platform.SharedState.Jobs;
using Platform.SharedState.Limits;
using Platform.SharedState.Metrics;
using Platform.SharedState.Plans;
using Platform.SharedState.Privacy;
using Platform.SharedState.Protection;
using Platform.SharedState.Quality;
using Platform.SharedState.Rollouts;
using Platform.SharedState.Sealing;
using Platform.SharedState.Statistics;
using Platform.SharedState.Workers;

namespace Platform.SharedState;

/// <summary>What a host takes from the shared state. Each needs an <c>IConnectionMultiplexer</c> or the artifact folder.</summary>
public static class SharedStateServices
{
    public static IServiceCollection AddRedisHealth(this IServiceCollection services) => services.AddFollower<RedisHealth>();

    public static IServiceCollection AddPlanStore(this IServiceCollection services) => services.AddSingleton<PlanStore>();

    public static IServiceCollection AddPlanFollower(this IServiceCollection services) =>
        services.AddPlanStore().AddFollower<PlanFollower>();

    /// <summary>Seals what is kept of requests and people; needs the artifact options for the platform keys.</summary>
    public static IServiceCollection AddDataSeal(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => new DataSeal(provider.GetRequiredService<IOptions<ArtifactOptions>>().Value));
        return services;
    }

    /// <summary>What is held of people, and how it is erased.</summary>
    public static IServiceCollection AddSubjects(this IServiceCollection services)
    {
        services.AddDataSeal().TryAddSingleton<SubjectVault>();
        services.TryAddSingleton<SubjectRecords>();
        return services;
    }

    /// <summary>Which erasures there are, and whether what is stored is sealed.</summary>
    public static IServiceCollection AddErasures(this IServiceCollection services) => services.AddSingleton<ErasureStore>().AddSingleton<AtRestProbe>();

    /// <summary>Removes what is too old; needs the audit log.</summary>
    public static IServiceCollection AddDataSweeper(this IServiceCollection services) => services.AddSingleton<DataSweeper>();

    public static IServiceCollection AddSharedAnswers(this IServiceCollection services) => services.AddDataSeal().AddSingleton<SharedAnswers>();

    public static IServiceCollection AddApiKeySet(this IServiceCollection services) =>
        services.AddSingleton<ApiKeySet>().AddSingleton<PublishedSet<ApiKey>>(provider => provider.GetRequiredService<ApiKeySet>())
            .AddSingleton<ApiKeyUses>();

    public static IServiceCollection AddApiKeyFollower(this IServiceCollection services) =>
        services.AddApiKeySet().AddFollower<PublishedSetFollower<ApiKey>>();

    public static IServiceCollection AddLimitSet(this IServiceCollection services) =>
        services.AddSingleton<LimitSet>().AddSingleton<PublishedSet<LimitPolicy>>(provider => provider.GetRequiredService<LimitSet>());

    public static IServiceCollection AddLimitFollower(this IServiceCollection services) =>
        services.AddLimitSet().AddDataSeal().AddFollower<PublishedSetFollower<LimitPolicy>>().AddSingleton<SharedBuckets>().AddSingleton<ApiCensus>();

    public static IServiceCollection AddWorkerLeases(this IServiceCollection services) => services.AddSingleton<WorkerLeases>();

    public static IServiceCollection AddWorkerDirectory(this IServiceCollection services) =>
        services.AddWorkerLeases().AddFollower<WorkerDirectory>();

    public static IServiceCollection AddStatisticsStore(this IServiceCollection services) => services.AddSingleton<StatisticsStore>();

    /// <summary>What brings the counts of an <see cref="IStatisticsSource"/>, which the host registers, to that store.</summary>
    public static IServiceCollection AddStatisticsFlushing(this IServiceCollection services) => services.AddFollower<StatisticsFlusher>();

    public static IServiceCollection AddVersionNumbers(this IServiceCollection services) => services.AddSingleton<VersionNumbers>();

    public static IServiceCollection AddArtifactStore(this IServiceCollection services)
    {
        services.AddOptions<ArtifactOptions>().BindConfiguration(ArtifactOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton(provider => new ArtifactStore(provider.GetRequiredService<IOptions<ArtifactOptions>>().Value))
            .AddHostedService<ArtifactSweeper>();
    }

    /// <summary>The audit log's store and keys; needs the artifact options for the platform keys.</summary>
    public static IServiceCollection AddAuditLog(this IServiceCollection services)
    {
        services.AddOptions<AuditOptions>().BindConfiguration(AuditOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<AuditStore>().AddSingleton<AuditVerification>().AddSingleton<AuditProofs>().AddSingleton<AuditSearch>().AddSingleton<AuditExport>();
        return services.AddSingleton(provider => new AuditKeys(
            provider.GetRequiredService<IOptions<AuditOptions>>().Value, provider.GetRequiredService<IOptions<ArtifactOptions>>().Value));
    }

    /// <summary>Where this process counts: <see cref="MetricRecorder"/>.</summary>
    public static IServiceCollection AddMetricCounting(this IServiceCollection services)
    {
        services.AddOptions<MetricOptions>().BindConfiguration(MetricOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<MetricRecorder>();
    }

    /// <summary>Brings what is counted to Redis each second.</summary>
    public static IServiceCollection AddMetricFlushing(this IServiceCollection services) => services.AddFollower<MetricFlusher>();

    /// <summary>Reads what all processes counted: <see cref="MetricReader"/>.</summary>
    public static IServiceCollection AddMetricReader(this IServiceCollection services) => services.AddSingleton<MetricReader>();

    /// <summary>Packs what is over; any number of processes may.</summary>
    public static IServiceCollection AddMetricPacking(this IServiceCollection services) => services.AddFollower<MetricPacker>();

    /// <summary>How mirrored answers compared.</summary>
    public static IServiceCollection AddRolloutStores(this IServiceCollection services) => services.AddSingleton<ShadowStore>();

    /// <summary>Which rollouts and experiments are under way.</summary>
    public static IServiceCollection AddOpenWork(this IServiceCollection services)
    {
        services.TryAddSingleton<OpenWork>();
        return services;
    }

    public static IServiceCollection AddQuality(this IServiceCollection services) =>
        services.AddSubjects().AddSingleton<PredictionStore>().AddSingleton<QualityStore>().AddSingleton<FeedbackStore>();

    /// <summary>What alerts do, for all to read: <see cref="AlertBoard"/>, <see cref="DeadLetters"/>.</summary>
    public static IServiceCollection AddAlertState(this IServiceCollection services) =>
        services.AddSingleton<AlertBoard>().AddSingleton<GroupAlerts>().AddSingleton<DeadLetters>();

    /// <summary>Encrypts what is secret of channels under the platform key.</summary>
    public static IServiceCollection AddChannelSeal(this IServiceCollection services) =>
        services.AddSingleton(provider => new ChannelSeal(provider.GetRequiredService<IOptions<ArtifactOptions>>().Value));

    public static IServiceCollection AddDriftStore(this IServiceCollection services) =>
        services.AddDataSeal().AddSingleton<DriftStore>().AddSingleton<DriftReader>();

    /// <summary>Counts units and outcomes of experiments, and reads them.</summary>
    public static IServiceCollection AddExperimentStore(this IServiceCollection services)
    {
        services.AddOptions<ExperimentOptions>().BindConfiguration(ExperimentOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSubjects().AddSingleton<ExperimentStore>();
    }

    /// <summary>References, findings and throttled callers: <see cref="ProtectionStore"/>, <see cref="FindingStore"/>, <see cref="ThrottledCallers"/>.</summary>
    public static IServiceCollection AddProtectionState(this IServiceCollection services) =>
        services.AddDataSeal().AddSingleton<ProtectionStore>().AddSingleton<FindingStore>().AddSingleton<ThrottledCallers>().AddSingleton<QuarantineStore>();

    /// <summary>Where this process counts findings, and what brings them to Redis.</summary>
    public static IServiceCollection AddFindingCounts(this IServiceCollection services) => services.AddSingleton<FindingCounts>();

    public static IServiceCollection AddFindingFlushing(this IServiceCollection services) => services.AddFollower<FindingFlusher>();
    /// <summary>Batch jobs: their files, their queue and what is known of them. Needs the artifact store's options.</summary>
    public static IServiceCollection AddJobStores(this IServiceCollection services) =>
        services.AddDataSeal().AddSingleton<JobSeal>().AddSingleton(provider => new SealedFiles(provider.GetRequiredService<IOptions<ArtifactOptions>>().Value))
            .AddSingleton<JobFiles>().AddSingleton<JobInputStore>().AddSingleton<JobBook>().AddSingleton<WorkLine>().AddSingleton<JobIndex>();

    private static IServiceCollection AddFollower<T>(this IServiceCollection services)
        where T : class, Microsoft.Extensions.Hosting.IHostedService
    {
        services.AddSingleton<T>();
        return services.AddHostedService(provider => provider.GetRequiredService<T>());
    }
}
