using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Platform.Api.Access;
using Platform.Api.Inference.Protocol;
using Platform.Api.Inference.Repository;
using Platform.Api.Inference.Statistics;
using Platform.Api.Serving;

namespace Platform.Api.Inference.Grpc;

/// <summary>The V2 protocol over gRPC: each call means what its REST twin means.</summary>
internal sealed partial class InferenceService(
    InferencePath path, ServedModels models, PlatformStatistics statistics, Repository.RepositoryIndex index, RepositoryControl control,
    TimeProvider clock, IOptions<InferenceOptions> options) : GrpcInferenceService.Base
{
    private const string RoutingKey = "routing-key";
    private const string HttpRoutingKey = "X-Routing-Key";

    [Authorize(Policy = Roles.Inference)]
    public override async Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context)
    {
        var http = context.GetHttpContext();
        var answer = await AskAsync(request, http.TraceIdentifier, context);
        var headers = http.Response.Headers;
        (headers["x-model-version"], headers["x-route"], headers["x-worker-id"]) = (answer.Version, answer.Route, answer.Worker);
        return answer.Status == StatusCodes.Status200OK
            ? InferResponses.From(answer)
            : throw GrpcErrors.From(answer.Status, InferResponses.ErrorOf(answer), answer.RetryAfter);
    }

    /// <exception cref="InvalidRequestException">The message says what cannot be.</exception>
    private async Task<InferenceAnswer> AskAsync(ModelInferRequest request, string requestId, ServerCallContext context)
    {
        using var tensors = InferRequests.TensorsOf(request);
        var http = context.GetHttpContext();
        var head = RequestHead.Write(request, tensors.Sizes, Remaining(context));
        var headerLength = head.Length.ToString(CultureInfo.InvariantCulture);
        var call = new InferenceCall
        {
            Model = request.ModelName,
            Version = models.Resolve(request.ModelName, request.ModelVersion),
            RequestId = requestId,
            RoutingKey = Value(http, RoutingKey) ?? Value(http, HttpRoutingKey),
            Header = name => Value(http, name),
            Caller = http.User,
            Body = tensors.Finish(head),
            ContentType = "application/octet-stream",
            HeaderLength = headerLength,
        };
        return await path.AskAsync(call, context.CancellationToken);
    }

    private TimeSpan? Remaining(ServerCallContext context) =>
        context.Deadline == DateTime.MaxValue ? null : context.Deadline - clock.GetUtcNow().UtcDateTime;

    private static string? Value(HttpContext http, string name) => http.Request.Headers[name] is [{ Length: > 0 } value] ? value : null;
}
