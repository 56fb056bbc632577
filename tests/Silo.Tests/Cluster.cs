using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Core.Internal;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.TestingHost;
using Platform.Contracts;
using Platform.Contracts.Access;
using Platform.Contracts.Audit;
using Platform.Contracts.Experiments;
using Platform.Contracts.Limits;
using Platform.Contracts.Models;
using Platform.Contracts.Rollouts;
using Platform.Contracts.Validations;
using Platform.Core;
using Platform.Core.Models;
using Platform.Core.Serving;
using Platform.ServiceDefaults.Access;
using Platform.SharedState;
using Platform.SharedState.Artifacts;
using Platform.SharedState.Audit;
using Platform.SharedState.Experiments;
using Platform.SharedState.Models;
using Platform.SharedState.Plans;
using Platform.SharedState.Workers;
using Platform.Silo.Alerts;
using Platform.Silo.Audit;
using Platform.Silo.Experiments;
using Platform.Silo.Jobs;
using Platform.Silo.Keys;
using Platform.Silo.Limits;
using Platform.Silo.Models;
using Platform.Silo.Privacy;
using Platform.Silo.Rollouts;
using Platform.Silo.Storage;
using Platform.Silo.Validations;
using Platform.Tests;
using StackExchange.Redis;

[assembly: AssemblyFixture(typeof(Platform.Silo.Tests.Cluster))]

namespace Platform.Silo.Tests;

/// <summary>A silo in the test's process: real grains and a real Redis protocol, storage that can fail.</summary>
public sealed class Cluster : IAsyncLifetime
{
    public const string InternalKey = "an internal key that only tests use, long enough";

    private readonly RedisServer redis = new();
    private readonly DirectoryInfo artifacts = System.IO.Directory.CreateTempSubdirectory("platform-silo-");
    private InProcessTestCluster? cluster;

    public FlakyStorage Storage { get; } = new();

    public PlanStore Plans { get; private set; } = null!;

    public WorkerLeases Leases { get; private set; } = null!;

    public ModelIndexStore IndexStore { get; private set; } = null!;

    public static ModelMetadata Metadata { get; } = new("", "", "", ImmutableSortedDictionary<string, string>.Empty);

    public static VersionMetadata VersionMetadata { get; } = new(
        "", null, ImmutableSortedDictionary<string, double>.Empty, [], ImmutableSortedDictionary<string, string>.Empty, null, null);

    public static ModelSignature Signature { get; } =
        new([], [], "test", ImmutableDictionary<string, long>.Empty, ImmutableDictionary<string, string>.Empty);

    public async ValueTask InitializeAsync()
    {
        await redis.InitializeAsync();
        Plans = new PlanStore(redis.Connection);
        Leases = new WorkerLeases(redis.Connection);
        IndexStore = new ModelIndexStore(redis.Connection);
        var builder = new InProcessTestClusterBuilder(1);
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddIncomingGrainCallFilter<StorageFaultFilter>();
            silo.Services.AddSingleton<IConnectionMultiplexer>(redis.Connection);
            silo.Services.AddSingleton(TimeProvider.System);
            silo.Services.AddSingleton<IGrainStorage>(Storage);
            silo.Services.AddPlatformSerialization();
            silo.Services.AddModels();
            silo.Services.AddKeys();
            silo.Services.AddLimits();
            silo.UseInMemoryReminderService();
            silo.Services.Configure<ArtifactOptions>(options =>
                (options.Folder, options.PlatformKey) = (artifacts.FullName, "a-platform-key-of-the-silo-tests-0123456789"));
            silo.Services.AddValidations();
            silo.Services.AddAudit();
            silo.Services.AddExperiments();
            silo.Services.AddPrivacy();
            silo.Services.Configure<InternalAccessOptions>(options => options.InternalKey = InternalKey);
            silo.Services.AddMetricReader().AddRollouts();
            silo.Services.AddAlerts();
            silo.Services.AddJobs();
            silo.Services.Configure<JobOptions>(options => options.TickPeriod = TimeSpan.FromMilliseconds(50));
            silo.Services.Configure<AlertOptions>(options =>
            {
                (options.AllowPrivateTargets, options.DefaultRules) = (true, false);
                (options.EvaluationInterval, options.FlushTick) = (TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(100));
                (options.RetryDelay, options.RetryMin) = (TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1));
            });
            silo.Services.Configure<RolloutOptions>(options =>
                (options.TickPeriod, options.DrainTime, options.LostAfter) = (TimeSpan.FromMilliseconds(50), TimeSpan.Zero, TimeSpan.FromSeconds(1)));
            silo.Services.Configure<DeploymentOptions>(options => options.LoadLimit = TimeSpan.FromSeconds(2));
        });
        builder.ConfigureClient(client => client.Services.AddPlatformSerialization());
        cluster = builder.Build();
        await cluster.DeployAsync();
    }

    public ArtifactStore Artifacts => cluster!.GetSiloServiceProvider().GetRequiredService<ArtifactStore>();

    public IAuditGrain Audit => cluster!.Client.GetGrain<IAuditGrain>(IAuditGrain.Key);

    public T Service<T>()
        where T : notnull => cluster!.GetSiloServiceProvider().GetRequiredService<T>();

    public T Grain<T>(string key)
        where T : IGrainWithStringKey => cluster!.Client.GetGrain<T>(key);

    public IModelGrain Model(string name) => cluster!.Client.GetGrain<IModelGrain>(name);

    public IModelQualityGrain Quality(string name) => cluster!.Client.GetGrain<IModelQualityGrain>(name);

    public IModelExperimentGrain Experiments(string name) => cluster!.Client.GetGrain<IModelExperimentGrain>(name);

    public IExperimentGrain Experiment(string model, string name) => cluster!.Client.GetGrain<IExperimentGrain>($"{model}/{name}");

    /// <summary>The plan as it was published.</summary>
    public async Task<ModelPlan> PlanAsync(string model) =>
        JsonSerializer.Deserialize<ModelPlan>((string)(await redis.Connection.GetDatabase().HashGetAsync("plans", model))!, PlatformJson.Options)!;

    public ExperimentStore Counted => cluster!.GetSiloServiceProvider().GetRequiredService<ExperimentStore>();

    /// <summary>Ends these grains' activations, as when their silo dies; what follows starts from what is stored. Others' go on: their tests run beside.</summary>
    public static Task ForgetAsync(params IEnumerable<IGrainWithStringKey> grains) =>
        Task.WhenAll(grains.Select(grain => grain.AsReference<IGrainManagementExtension>().DeactivateOnIdle().AsTask()));

    public IModelRolloutGrain Rollouts(string name) => cluster!.Client.GetGrain<IModelRolloutGrain>(name);

    public IRolloutGrain Rollout(string model, string id) => cluster!.Client.GetGrain<IRolloutGrain>($"{model}/{id}");

    public IValidationGrain Validation(string key) => cluster!.Client.GetGrain<IValidationGrain>(key);

    /// <summary>The workers as the silo sees them.</summary>
    public WorkerDirectory Directory => cluster!.Silos[0].ServiceProvider.GetRequiredService<WorkerDirectory>();

    public ILimitsGrain Limits => cluster!.Client.GetGrain<ILimitsGrain>(ILimitsGrain.Key);

    public IKeyRingGrain Keys => cluster!.Client.GetGrain<IKeyRingGrain>(IKeyRingGrain.Key);

    public IConnectionMultiplexer Redis => redis.Connection;

    public IModelIndexGrain Index => cluster!.Client.GetGrain<IModelIndexGrain>(IModelIndexGrain.Key);

    /// <summary>A model of the test's own.</summary>
    public async Task<(string Name, IModelGrain Grain)> NewModelAsync()
    {
        var name = $"m-{Guid.NewGuid():n}";
        Assert.Null((await Model(name).CreateAsync(Metadata, LifecyclePolicy.None, "ann")).Refusal);
        return (name, Model(name));
    }

    /// <summary>Registers a version that has an artifact.</summary>
    public static async Task<ArtifactInfo> RegisterAsync(IModelGrain model, string version, ModelSignature? signature = null)
    {
        Assert.Null((await model.RegisterVersionAsync(version, VersionMetadata, "ann")).Refusal);
        var artifact = new ArtifactInfo(10, Guid.NewGuid().ToString("n") + Guid.NewGuid().ToString("n"), true, null);
        Assert.Null((await model.AttachArtifactAsync(version, artifact, signature ?? Signature)).Refusal);
        return artifact;
    }

    /// <summary>Registers a version and puts a file into the store for it.</summary>
    public async Task<ArtifactInfo> RegisterWithFileAsync(IModelGrain model, string version, string content, VersionMetadata? metadata = null)
    {
        Assert.Null((await model.RegisterVersionAsync(version, metadata ?? VersionMetadata, "ann")).Refusal);
        var artifact = await StoreAsync(content);
        Assert.Null((await model.AttachArtifactAsync(version, artifact, Signature)).Refusal);
        return artifact;
    }

    public async Task<ArtifactInfo> StoreAsync(string content)
    {
        using var bytes = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content));
        return await Artifacts.CommitAsync(await Artifacts.StageAsync(bytes, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
    }

    public async Task<bool> HasFileAsync(ArtifactInfo file)
    {
        try
        {
            return (await Artifacts.ReadAsync(file, TestContext.Current.CancellationToken)).Length == file.SizeBytes;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    /// <summary>What the reminder service does when the time has come.</summary>
    public static Task RemindAsync(IAddressable grain, string name) =>
        grain.AsReference<IRemindable>().ReceiveReminder(name, new TickStatus(DateTime.UnixEpoch, TimeSpan.FromDays(1), DateTime.UnixEpoch));

    /// <summary>The reminders that a grain has registered.</summary>
    public async Task<IReadOnlyList<ReminderEntry>> RemindersAsync(IAddressable grain) =>
        [.. (await cluster!.GetSiloServiceProvider().GetRequiredService<IReminderTable>().ReadRows(grain.GetGrainId())).Reminders];

    /// <summary>Says what one worker has loaded, as the worker itself would.</summary>
    public Task ReportAsync(string worker, params LoadedVersion[] versions) => Leases.RenewAsync(
        new WorkerLease(worker, new Uri("http://localhost:1"), "cpu", [.. versions], 0, 0, false, default, default), announce: true);

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null) await cluster.DisposeAsync();
        await redis.DisposeAsync();
        artifacts.Delete(recursive: true);
    }
}
