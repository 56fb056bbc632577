using Platform.Benchmarks.Speed.Load;
using Platform.SharedState.Workers;

namespace Platform.Benchmarks.Speed.Peers;

/// <summary>The whole platform with one worker, and all models of the comparison deployed.</summary>
internal sealed class SpeedPlatform : IAsyncDisposable
{
    private readonly PlatformProcess platform;
    private readonly ChildProcess api;
    private readonly ChildProcess worker;
    private readonly ChildProcess silo;
    private readonly ChildProcess redis;
    private string key = "";

    private SpeedPlatform(PlatformProcess platform)
    {
        this.platform = platform;
        api = ChildProcess.Find(platform.AppHost.Id, "Platform.Api.dll");
        worker = ChildProcess.Find(platform.AppHost.Id, "Platform.Worker.dll");
        silo = ChildProcess.Find(platform.AppHost.Id, "Platform.Silo.dll");
        redis = ChildProcess.Find(platform.AppHost.Id, "AppHost.Garnet.dll");
    }

    public string ProcessIds => $"api {api.Id}, worker {worker.Id}, silo {silo.Id}, redis {redis.Id}";

    public static async Task<SpeedPlatform> StartAsync(IReadOnlyDictionary<string, string>? environment = null)
    {
        var platform = await PlatformProcess.StartAsync(workers: 1, environment);
        var speed = new SpeedPlatform(platform);
        var made = await platform.SendAsync(HttpMethod.Post, "/v1/keys", new { name = "speed", roles = (string[])["inference"] });
        speed.key = made.GetProperty("secret").GetString()!;
        foreach (var model in SpeedModels.All) await speed.DeployAsync(model.Name, model);
        return speed;
    }

    /// <param name="config">As the platform takes it; null for its defaults.</param>
    public async Task DeployAsync(string name, SpeedModel model, object? config = null)
    {
        await platform.SendAsync(HttpMethod.Post, "/v1/models", new { name });
        await platform.RegisterAsync(name, model.Sample, model.Sample);
        await platform.SendAsync(HttpMethod.Post, $"/v1/models/{name}/deploy", new { version = model.Sample, config });
    }

    /// <summary>Client, Api, worker.</summary>
    public SpeedPeer Door(string suffix = "") => new("whole path", api.Address, new ServerCpu(api.Id, worker.Id), (model, binary, parameters) =>
    {
        var (body, header) = RawRequest.Body(binary, parameters, model.Images);
        return RawRequest.Post(api.Address, $"/v2/models/{model.Name}{suffix}/infer", body, header, $"Authorization: Bearer {key}");
    });

    /// <summary>The same worker, without the Api.</summary>
    public SpeedPeer Direct(string suffix = "") => new("worker directly", worker.Address, new ServerCpu(worker.Id), (model, binary, parameters) =>
    {
        var (body, header) = RawRequest.Body(binary, parameters, model.Images);
        return RawRequest.Post(
            worker.Address, WorkerProtocol.InferPath(model.Name + suffix, model.Sample), body, header, $"{WorkerProtocol.KeyHeader}: {PlatformProcess.InternalKey}");
    });

    /// <summary>What stands beside the path: control plane and state.</summary>
    public ServerCpu Beside => new(silo.Id, redis.Id);

    public ValueTask DisposeAsync() => platform.DisposeAsync();
}
