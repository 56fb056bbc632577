using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Api.Inference.Models;
using Platform.Api.Inference.Protocol;
using Platform.Api.Inference.Repository;

namespace Platform.Api.Inference.Grpc;

internal sealed partial class InferenceService
{
    [Authorize(Policy = Roles.Inference)]
    public override Task<ModelConfigResponse> ModelConfig(ModelConfigRequest request, ServerCallContext context)
    {
        EnsureReaches(context, request.Name);
        var (placed, refusal) = models.Find(request.Name, request.Version);
        if (refusal is not null) throw refusal.ToRpcException();
        return Task.FromResult(new ModelConfigResponse { Config = ModelConfigs.Of(request.Name, placed!) });
    }

    [Authorize(Policy = Roles.Inference)]
    public override async Task<ModelStatisticsResponse> ModelStatistics(ModelStatisticsRequest request, ServerCallContext context)
    {
        if (request.Name.Length > 0) EnsureReaches(context, request.Name);
        var (response, refusal) = await statistics.ReadAsync(request.Name, request.Version, context.GetHttpContext().User, context.CancellationToken);
        return refusal is null ? response! : throw refusal.ToRpcException();
    }

    [Authorize]
    public override Task<RepositoryIndexResponse> RepositoryIndex(Protocol.RepositoryIndexRequest request, ServerCallContext context)
    {
        RefuseRepository(request.RepositoryName);
        return index.ListAsync(request.Ready, context.GetHttpContext().User);
    }

    [Authorize(Policy = Roles.Operator)]
    public override async Task<RepositoryModelLoadResponse> RepositoryModelLoad(RepositoryModelLoadRequest request, ServerCallContext context)
    {
        RefuseRepository(request.RepositoryName);
        EnsureReaches(context, request.ModelName);
        var refusal = LoadParameters.RefuseLoad(LoadParameters.Of(request.Parameters), out var version)
            ?? await control.LoadAsync(request.ModelName, version, context.GetHttpContext().User.ActorName(), context.CancellationToken);
        return refusal is null ? new RepositoryModelLoadResponse() : throw refusal.ToRpcException();
    }

    [Authorize(Policy = Roles.Operator)]
    public override async Task<RepositoryModelUnloadResponse> RepositoryModelUnload(RepositoryModelUnloadRequest request, ServerCallContext context)
    {
        RefuseRepository(request.RepositoryName);
        EnsureReaches(context, request.ModelName);
        var refusal = LoadParameters.RefuseUnload(request.Parameters.Keys)
            ?? await control.UnloadAsync(request.ModelName, context.GetHttpContext().User.ActorName(), context.CancellationToken);
        return refusal is null ? new RepositoryModelUnloadResponse() : throw refusal.ToRpcException();
    }

    /// <summary>A key may be limited to models, which gRPC names in the message and not in the path.</summary>
    private static void EnsureReaches(ServerCallContext context, string model)
    {
        if (!context.GetHttpContext().User.MayUse(model))
            throw GrpcErrors.From(403, "This key is limited to certain models, and the call is not about one of them.");
    }

    private static void RefuseRepository(string name)
    {
        if (name.Length > 0) throw GrpcErrors.From(501, $"There is one repository, so '{name}' cannot be named. Leave repository_name empty.");
    }
}
