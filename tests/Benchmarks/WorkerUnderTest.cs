using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Core.Serving;
using Platform.SharedState;
using Platform.SharedState.Artifacts;
using Platform.SharedState.Workers;
using Platform.Worker;
using Platform.Worker.Loading;
using Platform.Worker.Onnx;
using Platform.Worker.Serving;
using StackExchange.Redis;

namespace Platform.Benchmarks;

/// <summary>A worker in this process, on a port of its own, without the parts that need Redis.</summary>
internal sealed class WorkerUnderTest : IAsyncDisposable
{
    private const string Key = "an internal key that only benchmarks use, long enough";
    private readonly WebApplication app;
    private readonly string folder;

    private WorkerUnderTest(WebApplication app, string folder)
    {
        (this.app, this.folder) = (app, folder);
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { BaseAddress = new Uri(app.Urls.First()) };
        Client.DefaultRequestHeaders.Add(WorkerProtocol.KeyHeader, Key);
    }

    public HttpClient Client { get; }

    public IServiceProvider Services => app.Services;

    /// <param name="redis">Where it flushes what it counts; without one it does not count.</param>
    /// <param name="more">Adds features that need Redis.</param>
    public static async Task<WorkerUnderTest> StartAsync(IConnectionMultiplexer? redis = null, Action<IServiceCollection>? more = null)
    {
        var folder = Directory.CreateTempSubdirectory("benchmarks-").FullName;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:0",
            ["Access:InternalKey"] = Key,
            ["Artifacts:Folder"] = folder,
            ["Metrics:Enabled"] = redis is null ? "false" : "true",
            ["Artifacts:PlatformKey"] = "a platform key that only benchmarks use, long enough",
        });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System).AddWorkerFeatures();
        if (redis is not null) builder.Services.AddSingleton(redis).AddMetricFlushing();
        more?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapWorker();
        await app.StartAsync();
        return new WorkerUnderTest(app, folder);
    }

    /// <summary>Loads a sample and gives how its batches do.</summary>
    public async Task<ServedVersion> LoadAsync(string version, DeploymentConfig config) => (await LoadPlacedAsync(version, config)).Served;

    public async Task<(ServedVersion Served, PlacedVersion Placed)> LoadPlacedAsync(string version, DeploymentConfig config)
    {
        var placed = await PlaceAsync(version, config);
        var served = await OpenAsync(placed);
        app.Services.GetRequiredService<ServedVersions>().Put(served);
        return (served, placed);
    }

    /// <summary>Loads a sample that nobody is to ask for; the caller disposes of it.</summary>
    public async Task<ServedVersion> OpenAsync(string version) => await OpenAsync(await PlaceAsync(version, new DeploymentConfig()));

    private Task<ServedVersion> OpenAsync(PlacedVersion placed) =>
        app.Services.GetRequiredService<VersionLoader>().LoadAsync("digits", placed, CancellationToken.None);

    private async Task<PlacedVersion> PlaceAsync(string version, DeploymentConfig config)
    {
        var bytes = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "digits", $"digits-{version}.onnx"));
        var artifacts = app.Services.GetRequiredService<ArtifactStore>();
        var staged = await artifacts.StageAsync(new MemoryStream(bytes), CancellationToken.None);
        var info = await artifacts.CommitAsync(staged, CancellationToken.None);
        return new PlacedVersion(version, info, OnnxInspector.Read(bytes, CancellationToken.None), config);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
