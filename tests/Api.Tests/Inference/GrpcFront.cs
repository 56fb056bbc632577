using System.Collections.Immutable;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
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
using Platform.Core.Models;
using Platform.Core.Serving;
using Platform.SharedState.Plans;
using Platform.SharedState.Workers;
using Platform.Tests;

namespace Platform.Api.Tests.Inference;

/// <summary>The gRPC side of an Api on a port of its own, with a worker that answers as it is told, and no silo.</summary>
internal sealed class GrpcFront : IAsyncDisposable
{
    public const string Key = "an admin key that only these tests use, long enough";
    private static readonly string Sha = new('a', 64);
    private readonly WebApplication app;
    private readonly FakeWorker worker;
    private readonly GrpcChannel channel;

    private GrpcFront(WebApplication app, FakeWorker worker)
    {
        (this.app, this.worker) = (app, worker);
        channel = GrpcChannel.ForAddress(app.Urls.Single());
    }

    public string Model { get; private init; } = "";

    public FakeWorker Worker => worker;

    public static async Task<GrpcFront> StartAsync(RedisServer redis, Func<HttpContext, Task> answer, params (string Key, string Value)[] settings)
    {
        var worker = await FakeWorker.StartAsync(answer);
        var model = await PublishAsync(redis, worker);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Access:AdminKey"] = Key, ["Access:InternalKey"] = Key,
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2));
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(redis.Connection).AddSingleton<IClusterClient>(_ => null!);
        builder.Services.AddConventions().AddAccess().AddWorkers().AddServing().AddInference().AddInferenceGrpc();
        var app = builder.Build();
        app.UseRequestIds();
        app.UseErrorBodies().UseRouting().UseAuthentication().UseAuthorization();
        app.MapInferenceGrpc();
        await app.StartAsync(TestContext.Current.CancellationToken);
        await UntilReadyAsync(app, model);
        return new GrpcFront(app, worker) { Model = model };
    }

    public AsyncUnaryCall<ModelInferResponse> InferAsync(ModelInferRequest request, string? key = Key, DateTime? deadline = null) =>
        channel.CreateCallInvoker().AsyncUnaryCall(
            new Method<ModelInferRequest, ModelInferResponse>(
                MethodType.Unary, GrpcInferenceService.Descriptor.FullName, "ModelInfer", RequestMarshaller.Instance, Responses(ModelInferResponse.Parser)),
            null, Options(key, deadline), request);

    public AsyncDuplexStreamingCall<ModelInferRequest, ModelStreamInferResponse> Stream() =>
        channel.CreateCallInvoker().AsyncDuplexStreamingCall(
            new Method<ModelInferRequest, ModelStreamInferResponse>(
                MethodType.DuplexStreaming, GrpcInferenceService.Descriptor.FullName, "ModelStreamInfer", RequestMarshaller.Instance,
                Responses(ModelStreamInferResponse.Parser)),
            null, Options(Key, null));

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        await app.DisposeAsync();
        await worker.DisposeAsync();
    }

    private static CallOptions Options(string? key, DateTime? deadline) => new(
        key is null ? [] : new Metadata { { "authorization", $"Bearer {key}" }, { "x-request-id", "r-1" }, { "routing-key", "somebody" } }, deadline,
        TestContext.Current.CancellationToken);

    private static Marshaller<T> Responses<T>(Google.Protobuf.MessageParser<T> parser)
        where T : class, Google.Protobuf.IMessage<T> => new(_ => [], bytes => parser.ParseFrom(bytes));

    private static async Task<string> PublishAsync(RedisServer redis, FakeWorker worker)
    {
        var model = $"m-{Guid.NewGuid():n}";
        var signature = new ModelSignature([], [], "", ImmutableDictionary<string, long>.Empty, ImmutableDictionary<string, string>.Empty);
        var placed = new PlacedVersion("1.0.0", new ArtifactInfo(1, Sha, true, null), signature, new DeploymentConfig());
        await new PlanStore(redis.Connection).PublishAsync(new ModelPlan(model, 1, [placed], [new("1.0.0", 10_000, "stable")]));
        await new WorkerLeases(redis.Connection).RenewAsync(worker.Lease(new LoadedVersion(model, "1.0.0", Sha, LoadState.Ready)), announce: false);
        return model;
    }

    private static async Task UntilReadyAsync(WebApplication app, string model)
    {
        await app.Services.GetRequiredService<PlanFollower>().Loaded.WaitAsync(TestContext.Current.CancellationToken);
        var directory = app.Services.GetRequiredService<WorkerDirectory>();
        var seen = new TaskCompletionSource();
        directory.Changed += Look;
        Look();
        await seen.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        void Look()
        {
            if (directory.Workers.Any(worker => worker.Versions.Any(version => version.Model == model))) seen.TrySetResult();
        }
    }
}
