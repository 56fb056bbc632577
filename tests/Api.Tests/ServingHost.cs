using System.Collections.Immutable;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.Api.Serving;
using Platform.Api.Workers;
using Platform.Core.Models;
using Platform.Core.Serving;
using Platform.ServiceDefaults.Access;
using Platform.SharedState.Plans;
using Platform.SharedState.Workers;
using Platform.Tests;

namespace Platform.Api.Tests;

/// <summary>The front door's way from a call to workers, as a host puts it together, without HTTP in front of it.</summary>
internal sealed class ServingHost : IAsyncDisposable
{
    private readonly ServiceProvider services;
    private readonly string model;

    private ServingHost(ServiceProvider services, string model) => (this.services, this.model) = (services, model);

    public IServiceProvider Services => services;

    public string Model => model;

    /// <summary>A version as a plan has it; its bytes are named by its number.</summary>
    public static PlacedVersion Placed(string version, DeploymentConfig? config = null, ModelSignature? signature = null) => new(
        version, new ArtifactInfo(1, Sha(version), true, null),
        signature ?? new ModelSignature([], [], "", ImmutableDictionary<string, long>.Empty, ImmutableDictionary<string, string>.Empty),
        config ?? new DeploymentConfig());

    /// <param name="placed">The first one is in production.</param>
    public static Task<ServingHost> StartAsync(RedisServer redis, PlacedVersion[] placed, params (FakeWorker Worker, string Version)[] workers) =>
        StartAsync(redis, placed, _ => { }, workers);

    /// <param name="more">Further features.</param>
    public static async Task<ServingHost> StartAsync(
        RedisServer redis, PlacedVersion[] placed, Action<IServiceCollection> more, params (FakeWorker Worker, string Version)[] workers)
    {
        var model = $"m-{Guid.NewGuid():n}";
        await new PlanStore(redis.Connection).PublishAsync(new ModelPlan(model, 1, [.. placed], [new(placed[0].Version, 10_000, "stable")]));
        foreach (var (worker, version) in workers)
        {
            await new WorkerLeases(redis.Connection).RenewAsync(
                worker.Lease(new LoadedVersion(model, version, Sha(version), LoadState.Ready)), announce: false);
        }

        var settings = new Dictionary<string, string?> { ["Access:InternalKey"] = InferencePathTests.InternalKey };
        var collection = new ServiceCollection();
        collection.AddLogging().AddMetrics().AddSingleton(TimeProvider.System).AddSingleton(redis.Connection)
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddOptions<InternalAccessOptions>().BindConfiguration(InternalAccessOptions.Section);
        collection.AddWorkers().AddServing();
        more(collection);
        var host = new ServingHost(collection.BuildServiceProvider(), model);
        var directory = host.services.GetRequiredService<WorkerDirectory>();
        var seen = new TaskCompletionSource();
        directory.Changed += () =>
        {
            if (directory.Workers.Count(worker => worker.Versions.Any(version => version.Model == model)) == workers.Length) seen.TrySetResult();
        };
        foreach (var hosted in host.services.GetServices<IHostedService>()) await hosted.StartAsync(TestContext.Current.CancellationToken);
        await host.services.GetRequiredService<PlanFollower>().Loaded.WaitAsync(TestContext.Current.CancellationToken);
        await seen.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        return host;
    }

    public Task<InferenceAnswer> AskAsync(string body = "{}", string? version = null, CancellationToken? cancellation = null, Func<InferenceCall, InferenceCall>? change = null)
    {
        var call = new InferenceCall
        {
            Model = model, Version = version, RequestId = "r-1", Body = Encoding.UTF8.GetBytes(body), ContentType = "application/json",
        };
        return services.GetRequiredService<InferencePath>().AskAsync(change?.Invoke(call) ?? call, cancellation ?? TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var hosted in services.GetServices<IHostedService>()) await hosted.StopAsync(CancellationToken.None);
        await services.DisposeAsync();
    }

    private static string Sha(string version) => version.PadRight(64, '0');
}
