using System.Collections.Immutable;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Core.Models;

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
    public static RouteGroupBuilder MapServer(this RouteGroupBuilder v2)
    {
        var group = v2.MapGroup("").WithTags("Inference");
        group.MapGet("/health/live", () => new ServerLive(true)).AllowAnonymous();
        group.MapGet("/health/ready", Ready).AllowAnonymous();
        group.MapGet("/", (ServedModels models) => new ServerMetadata(models.ServerName, ServerFacts.Version, ServerFacts.Extensions)).RequireAuthorization(Roles.Inference);
        foreach (var path in (string[])["/models/{model}", "/models/{model}/versions/{version}"])
        {
            group.MapGet(path, Metadata).RequireAuthorization(Roles.Inference).Produces<ModelMetadataResponse>();
            group.MapGet(path + "/ready", ModelIsReady).RequireAuthorization(Roles.Inference).Produces<ModelReady>();
        }

        return v2;
    }

    public static ModelMetadataResponse Describe(ServedModels models, string model, string? version, Core.Serving.PlacedVersion placed) => new(
        model,
        [.. (string.IsNullOrEmpty(version) ? models.ReadyVersions(model) : [placed]).Select(one => models.NameOf(model, one.Version))],
        ServerFacts.OnnxPlatform, ToMetadata(placed.Signature.Inputs), ToMetadata(placed.Signature.Outputs));

    private static IResult Ready(ServedModels models) => models.IsReady
        ? Results.Ok(new ServerReady(true, true))
        : Results.Json(new ServerReady(false, true), statusCode: 503);

    private static IResult Metadata(string model, string? version, ServedModels models)
    {
        var (placed, refusal) = models.Find(model, version);
        return refusal?.ToResult() ?? Results.Ok(Describe(models, model, version, placed!));
    }

    private static IResult ModelIsReady(string model, string? version, ServedModels models)
    {
        var (placed, refusal) = models.Find(model, version);
        if (refusal is not null) return refusal.ToResult();
        return models.IsVersionReady(model, placed!)
            ? Results.Ok(new ModelReady(model, true))
            : V2Refusal.NotReady(model, placed!.Version).ToResult();
    }

    private static ImmutableArray<TensorMetadata> ToMetadata(ImmutableArray<TensorSignature> tensors) =>
        [.. tensors.Select(tensor => new TensorMetadata(tensor.Name, tensor.Datatype, tensor.Shape))];
}
