using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Platform.Api.Access;
using Platform.Api.Inference.Protocol;

namespace Platform.Api.Inference.Grpc;

internal sealed partial class InferenceService
{
    [AllowAnonymous]
    public override Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerLiveResponse { Live = true });

    [AllowAnonymous]
    public override Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerReadyResponse { Ready = models.IsReady });

    /// <summary>Not an error for what is unknown: not ready is what it is.</summary>
    [Authorize(Policy = Roles.Inference)]
    public override Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context)
    {
        EnsureReaches(context, request.Name);
        var (placed, _) = models.Find(request.Name, request.Version);
        return Task.FromResult(new ModelReadyResponse { Ready = placed is not null && models.IsVersionReady(request.Name, placed) });
    }

    [Authorize(Policy = Roles.Inference)]
    public override Task<ServerMetadataResponse> ServerMetadata(ServerMetadataRequest request, ServerCallContext context) =>
        Task.FromResult(new ServerMetadataResponse
        {
            Name = models.ServerName, Version = ServerFacts.Version, Extensions = { ServerFacts.Extensions },
        });

    [Authorize(Policy = Roles.Inference)]
    public override Task<Protocol.ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request, ServerCallContext context)
    {
        EnsureReaches(context, request.Name);
        var (placed, refusal) = models.Find(request.Name, request.Version);
        if (refusal is not null) throw refusal.ToRpcException();
        var known = ServerEndpoints.Describe(models, request.Name, request.Version, placed!);
        return Task.FromResult(new Protocol.ModelMetadataResponse
        {
            Name = known.Name,
            Versions = { known.Versions },
            Platform = known.Platform,
            Inputs = { known.Inputs.Select(ToMessage) },
            Outputs = { known.Outputs.Select(ToMessage) },
        });
    }

    private static Protocol.ModelMetadataResponse.Types.TensorMetadata ToMessage(TensorMetadata tensor) =>
        new() { Name = tensor.Name, Datatype = tensor.Datatype, Shape = { tensor.Shape } };
}
