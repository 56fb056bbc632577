using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Core.Models;
using Platform.Core.Serving;
using Platform.SharedState.Artifacts;
using Platform.SharedState.Workers;
using Platform.Worker.Loading;
using Platform.Worker.Onnx;
using Platform.Worker.Serving;

namespace Platform.Worker.Tests.Support;

/// <summary>A worker on a port of its own, without the parts that need Redis.</summary>
public sealed class WorkerHost : IAsyncDisposable
{
    public const string Key = "an internal key that only tests use, long enough";

    private readonly WebApplication app;
    private readonly string folder;

    private WorkerHost(WebApplication app, string folder)
    {
        this.app = app;
        this.folder = folder;
        Client = new HttpClient { BaseAddress = Address };
        Client.DefaultRequestHeaders.Add(WorkerProtocol.KeyHeader, Key);
    }

    public HttpClient Client { get; }

    public Uri Address => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public string Folder => folder;

    public IServiceProvider Services => app.Services;

    public static Task<WorkerHost> StartAsync(params (string Key, string Value)[] settings) => StartAsync(_ => { }, settings);

    /// <param name="more">Adds features that need more than a worker by itself has.</param>
    public static async Task<WorkerHost> StartAsync(Action<IServiceCollection> more, params (string Key, string Value)[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("worker-tests-").FullName;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["urls"] = "http://127.0.0.1:0",
            ["Access:InternalKey"] = Key,
            ["Artifacts:Folder"] = folder,
            // Every test loads models; few of them care how exactly they were measured.
            ["Worker:ProfileTimePerSize"] = "00:00:00.003",
            ["Artifacts:PlatformKey"] = "a platform key that only tests use, long enough",
        });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System).AddWorkerFeatures();
        more(builder.Services);
        var app = builder.Build();
        app.MapWorker();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new WorkerHost(app, folder);
    }

    /// <summary>Stores a model and loads it as a worker does that a plan asks for it.</summary>
    public async Task LoadAsync(string model, string version, byte[] bytes, DeploymentConfig? config = null) =>
        Services.GetRequiredService<ServedVersions>().Put(
            await Services.GetRequiredService<VersionLoader>().LoadAsync(
                model, await PlaceAsync(version, bytes, config), TestContext.Current.CancellationToken));

    /// <summary>Takes steps until what is loaded is what is wanted of the model: these versions and no others.</summary>
    public async Task SettleAsync(string model, params PlacedVersion[] wanted)
    {
        var reconciler = Services.GetRequiredService<Reconciler>();
        DesiredVersion[] desired = [.. wanted.Select(placed => new DesiredVersion(VersionId.Of(model, placed), placed, LoadsHere: true))];
        while (await reconciler.StepAsync(desired, TestContext.Current.CancellationToken))
        {
        }
    }

    /// <summary>Stores a model and says what a plan would say of it.</summary>
    public async Task<PlacedVersion> PlaceAsync(string version, byte[] bytes, DeploymentConfig? config = null)
    {
        var artifacts = Services.GetRequiredService<ArtifactStore>();
        var staged = await artifacts.StageAsync(new MemoryStream(bytes), TestContext.Current.CancellationToken);
        var info = await artifacts.CommitAsync(staged, TestContext.Current.CancellationToken);
        return new PlacedVersion(version, info, OnnxInspector.Read(bytes, CancellationToken.None), config ?? new DeploymentConfig());
    }

    public async Task<string> StageAsync(byte[] bytes) =>
        (await Services.GetRequiredService<ArtifactStore>().StageAsync(new MemoryStream(bytes), TestContext.Current.CancellationToken)).StagingId;

    public Task<HttpResponseMessage> InferAsync(string model, string version, string json) =>
        InferAsync(model, version, new StringContent(json, Encoding.UTF8, "application/json"));

    public Task<HttpResponseMessage> InferAsync(string model, string version, HttpContent content) =>
        Client.PostAsync(new Uri(WorkerProtocol.InferPath(model, version), UriKind.Relative), content, TestContext.Current.CancellationToken);

    /// <summary>JSON and the binary tensors that follow it.</summary>
    public static HttpContent Binary(string json, params byte[][] tensors)
    {
        var content = new ByteArrayContent([.. Encoding.UTF8.GetBytes(json), .. tensors.SelectMany(tensor => tensor)]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.Add("Inference-Header-Content-Length", Encoding.UTF8.GetByteCount(json).ToString(System.Globalization.CultureInfo.InvariantCulture));
        return content;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
