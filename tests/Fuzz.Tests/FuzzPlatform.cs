using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Api.Inference;
using Platform.Api.Inference.Grpc;
using Platform.Api.Inference.Protocol;
using Platform.Api.Serving;
using Platform.Api.Workers;
using Platform.Core.Serving;
using Platform.SharedState.Artifacts;
using Platform.SharedState.Plans;
using Platform.SharedState.Workers;
using Platform.Tests;
using Platform.Worker;
using Platform.Worker.Loading;
using Platform.Worker.Onnx;
using Platform.Worker.Serving;

namespace Platform.Fuzz.Tests;

/// <summary>An Api and a worker in this process as production has them, REST and gRPC on ports of their own, and no silo.</summary>
internal sealed class FuzzPlatform : IAsyncDisposable
{
    private const string Key = "a-key-that-only-fuzzing-uses-long-enough-for-anything";
    private const string Version = "1.0.0";
    private readonly WebApplication worker;
    private readonly WebApplication api;
    private readonly string folder;
    private readonly CancellationTokenSource stopping = new();
    private Task renewing = Task.CompletedTask;

    private FuzzPlatform(WebApplication worker, WebApplication api, string folder, ErrorLog log)
    {
        (this.worker, this.api, this.folder, Log) = (worker, api, folder, log);
        Rest = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false }) { BaseAddress = new Uri(api.Urls.First()) };
        Rest.DefaultRequestHeaders.Add("Authorization", $"Bearer {Key}");
        Channel = GrpcChannel.ForAddress(api.Urls.Last());
    }

    public ErrorLog Log { get; }

    public HttpClient Rest { get; }

    private GrpcChannel Channel { get; }

    public static async Task<FuzzPlatform> StartAsync(RedisServer redis, IReadOnlyDictionary<string, byte[]> models, CancellationToken cancellation)
    {
        var log = new ErrorLog();
        var folder = Directory.CreateTempSubdirectory("fuzz-").FullName;
        var worker = Worker(folder, log);
        await worker.StartAsync(cancellation);
        var loaded = new List<LoadedVersion>();
        foreach (var (model, bytes) in models) loaded.Add(await LoadAsync(worker, redis, model, bytes, cancellation));
        var lease = new WorkerLease(
            "w-fuzz", new Uri(worker.Urls.First()), "cpu", [.. loaded], 0, 0, false, default, default, worker.Services.GetRequiredService<WorkerState>().FramePort);
        var leases = new WorkerLeases(redis.Connection);
        await leases.RenewAsync(lease, announce: true);
        var api = Api(redis, log);
        await api.StartAsync(cancellation);
        var platform = new FuzzPlatform(worker, api, folder, log);
        platform.renewing = platform.RenewAsync(leases, lease);
        await platform.UntilReadyAsync(models.Keys, cancellation);
        return platform;
    }

    /// <summary>Sends these very bytes as a message.</summary>
    public async Task<StatusCode> AskGrpcAsync(byte[] message, CancellationToken cancellation)
    {
        var bytes = new Marshaller<byte[]>(given => given, answer => answer);
        var method = new Method<byte[], byte[]>(MethodType.Unary, GrpcInferenceService.Descriptor.FullName, "ModelInfer", bytes, bytes);
        try
        {
            await Channel.CreateCallInvoker().AsyncUnaryCall(
                method, null, new CallOptions(new Metadata { { "authorization", $"Bearer {Key}" } }, cancellationToken: cancellation), message);
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Channel.Dispose();
        Rest.Dispose();
        await api.DisposeAsync();
        await worker.DisposeAsync();
        stopping.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static WebApplication Worker(string folder, ErrorLog log)
    {
        var builder = Builder(log, ("urls", "http://127.0.0.1:0"), ("Artifacts:Folder", folder), ("Artifacts:PlatformKey", Key), ("Worker:ProfileTimePerSize", "00:00:00.003"));
        builder.Services.AddSingleton(TimeProvider.System).AddWorkerFeatures();
        var app = builder.Build();
        app.MapWorker();
        return app;
    }

    private static WebApplication Api(RedisServer redis, ErrorLog log)
    {
        var builder = Builder(log, ("Access:AdminKey", Key));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http1);
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(redis.Connection).AddSingleton<IClusterClient>(_ => null!);
        // The worker has features of the same names.
        Platform.Api.Serving.ServingServices.AddServing(builder.Services.AddConventions().AddAccess().AddWorkers());
        Platform.Api.Inference.InferenceServices.AddInference(builder.Services).AddInferenceGrpc();
        var app = builder.Build();
        app.UseRequestIds();
        app.UseExceptionHandler();
        app.UseErrorBodies().UseRouting().UseAuthentication().UseAuthorization();
        app.MapInferenceGrpc();
        app.MapGroup("/v2").MapInference();
        return app;
    }

    private static WebApplicationBuilder Builder(ErrorLog log, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection([
            KeyValuePair.Create("Access:InternalKey", (string?)Key), .. settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))]);
        builder.Logging.ClearProviders().AddProvider(log);
        return builder;
    }

    private static async Task<LoadedVersion> LoadAsync(WebApplication worker, RedisServer redis, string model, byte[] bytes, CancellationToken cancellation)
    {
        var artifacts = worker.Services.GetRequiredService<ArtifactStore>();
        var info = await artifacts.CommitAsync(await artifacts.StageAsync(new MemoryStream(bytes), cancellation), cancellation);
        var placed = new PlacedVersion(Version, info, OnnxInspector.Read(bytes, cancellation), new DeploymentConfig());
        worker.Services.GetRequiredService<ServedVersions>().Put(await worker.Services.GetRequiredService<VersionLoader>().LoadAsync(model, placed, cancellation));
        await new PlanStore(redis.Connection).PublishAsync(new ModelPlan(model, 1, [placed], [new(Version, 10_000, "stable")]));
        return new LoadedVersion(model, Version, info.Sha256, LoadState.Ready);
    }

    private async Task RenewAsync(WorkerLeases leases, WorkerLease lease)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (await timer.WaitForNextTickAsync(stopping.Token)) await leases.RenewAsync(lease, announce: false);
    }

    private async Task UntilReadyAsync(IEnumerable<string> models, CancellationToken cancellation)
    {
        await api.Services.GetRequiredService<PlanFollower>().Loaded.WaitAsync(cancellation);
        var directory = api.Services.GetRequiredService<WorkerDirectory>();
        var seen = new TaskCompletionSource();
        directory.Changed += Look;
        Look();
        await seen.Task.WaitAsync(TimeSpan.FromSeconds(20), cancellation);

        void Look()
        {
            if (models.All(model => directory.Workers.Any(one => one.Versions.Any(version => version.Model == model)))) seen.TrySetResult();
        }
    }
}
