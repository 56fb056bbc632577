using System.Collections.Immutable;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Core.Models;
using Platform.Core.Serving;
using Platform.SharedState.Plans;
using Platform.SharedState.Workers;

namespace Platform.Api.Inference;

public sealed record ServerMetadata(string Name, string Version, ImmutableArray<string> Extensions);

public sealed record ServerLive(bool Live);

public sealed record ServerReady(bool Ready, bool Live);

public sealed record TensorMetadata(string Name, string Datatype, ImmutableArray<long> Shape);

public sealed record ModelMetadataResponse(
    string Name, ImmutableArray<string> Versions, string Platform, ImmutableArray<TensorMetadata> Inputs, ImmutableArray<TensorMetadata> Outputs);

public sealed record ModelReady(string Name, bool Ready);

/// <summary>What V2 clients ask before they send: is the server up, is the model ready, what does it take.</summary>
internal static class ServerEndpoints
{
    private const string OnnxPlatform = "onnxruntime_onnx";
    private static readonly string ServerVersion = typeof(ServerEndpoints).Assembly.GetName().Version!.ToString(3);

    public static RouteGroupBuilder MapServer(this RouteGroupBuilder v2)
    {
        var group = v2.MapGroup("").WithTags("Inference");
        group.MapGet("/health/live", () => new ServerLive(true)).AllowAnonymous();
        group.MapGet("/health/ready", Ready).AllowAnonymous();
        group.MapGet("/", () => new ServerMetadata("platform", ServerVersion, ["binary_tensor_data"])).RequireAuthorization(Roles.Inference);
        foreach (var path in (string[])["/models/{model}", "/models/{model}/versions/{version}"])
        {
            group.MapGet(path, Metadata).RequireAuthorization(Roles.Inference).Produces<ModelMetadataResponse>();
            group.MapGet(path + "/ready", ModelIsReady).RequireAuthorization(Roles.Inference).Produces<ModelReady>();
        }

        return v2;
    }

    private static IResult Ready(PlanFollower plans) => plans.Loaded.IsCompletedSuccessfully
        ? Results.Ok(new ServerReady(true, true))
        : Results.Json(new ServerReady(false, true), statusCode: 503);

    private static async Task Metadata(string model, string? version, HttpContext context, PlanFollower plans, WorkerDirectory workers)
    {
        var (plan, placed, error) = Find(plans, model, version);
        if (placed is null)
        {
            await Errors.WriteAsync(context, 404, error!);
            return;
        }

        var versions = version is null ? plan!.Versions.Where(v => IsReady(workers, model, v)).Select(v => v.Version) : [placed.Version];
        await Results.Ok(new ModelMetadataResponse(
            model, [.. versions], OnnxPlatform, ToMetadata(placed.Signature.Inputs), ToMetadata(placed.Signature.Outputs))).ExecuteAsync(context);
    }

    private static async Task ModelIsReady(string model, string? version, HttpContext context, PlanFollower plans, WorkerDirectory workers)
    {
        var (_, placed, error) = Find(plans, model, version);
        if (placed is null) await Errors.WriteAsync(context, 404, error!);
        else if (IsReady(workers, model, placed)) await Results.Ok(new ModelReady(model, true)).ExecuteAsync(context);
        else await Errors.WriteAsync(context, 503, $"Model '{model}' version {placed.Version}: Model version not ready");
    }

    private static (ModelPlan? Plan, PlacedVersion? Placed, string? Error) Find(PlanFollower plans, string model, string? version)
    {
        if (!plans.Plans.TryGetValue(model, out var plan)) return (null, null, $"Request for unknown model: '{model}' is not found");
        var wanted = version ?? plan.Routes.FirstOrDefault()?.Version;
        if (wanted is null) return (plan, null, $"Request for unknown model: '{model}' has no available versions");
        return plan.Find(wanted) is { } placed
            ? (plan, placed, null)
            : (plan, null, $"Request for unknown model: '{model}' version {version} is not found");
    }

    private static bool IsReady(WorkerDirectory workers, string model, PlacedVersion version) =>
        workers.Workers.Any(worker => worker.IsReady(model, version.Version, version.Artifact.Sha256));

    private static ImmutableArray<TensorMetadata> ToMetadata(ImmutableArray<TensorSignature> tensors) =>
        [.. tensors.Select(tensor => new TensorMetadata(tensor.Name, tensor.Datatype, tensor.Shape))];
}
