using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Platform.Contracts;
using Platform.Core.Audit;
using Platform.SharedState;

namespace Platform.Api.Audit;

/// <summary>
/// Load and unload over gRPC are in the log as their REST twins are: one entry before anything is tried, one before the
/// caller is told. Who is kept out on the way in never comes here; <see cref="AuditTrail"/> records that.
/// </summary>
internal sealed class AuditedRpcs(AuditWriter writer, RedisHealth redis) : Interceptor
{
    private const string ModelField = "model_name";

    private static readonly Dictionary<string, string> Actions = new()
    {
        ["/inference.GRPCInferenceService/RepositoryModelLoad"] = "repository.models.load",
        ["/inference.GRPCInferenceService/RepositoryModelUnload"] = "repository.models.unload",
    };

    /// <summary>What the log calls a call that may change something; null for any other.</summary>
    public static string? ActionOf(string path) => Actions.GetValueOrDefault(path);

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        if (ActionOf(context.Method) is not { } action) return await continuation(request, context);
        var http = context.GetHttpContext();
        AuditEntry Entry(AuditPhase phase) => AuditedCall.EntryOf(http, phase, action, ResourceOf(request)) with { BodySha256 = DigestOf(request) };
        if (!redis.IsUp) throw Unavailable("The platform's state store does not answer, so the change could not be recorded and was not tried. Try again.");
        await WriteAsync(Entry(AuditPhase.Asked) with { BodySha256 = null }, "The change could not be recorded in the audit log, so it was not tried. Try again.");
        const string Unconfirmed = "What came of the change could not be recorded in the audit log, so it is not confirmed; the log has that it was tried. Look before you repeat it.";
        TResponse response;
        try
        {
            response = await continuation(request, context);
        }
        catch (Exception e)
        {
            var status = RpcStatus.ToHttp(e is RpcException { StatusCode: var code } ? code : StatusCode.Internal);
            await WriteAsync(Entry(AuditPhase.Answered) with { Status = status, Reason = AnswerReason.Of(status) }, Unconfirmed);
            throw;
        }

        await WriteAsync(Entry(AuditPhase.Answered) with { Status = StatusCodes.Status200OK, Reason = AnswerReason.Of(StatusCodes.Status200OK) }, Unconfirmed);
        return response;
    }

    private async Task WriteAsync(AuditEntry entry, string refusal)
    {
        try
        {
            await writer.WriteAsync(entry);
        }
        catch (ControlPlaneUnavailableException)
        {
            throw Unavailable(refusal);
        }
    }

    private static string ResourceOf(object request) =>
        request is IMessage message && message.Descriptor.FindFieldByName(ModelField)?.Accessor.GetValue(message) is string { Length: > 0 } model
            ? $"repository/models/{model}"
            : "repository/models";

    private static string? DigestOf(object request) =>
        request is IMessage message ? Convert.ToHexStringLower(SHA256.HashData(message.ToByteArray())) : null;

    private static RpcException Unavailable(string detail) => new(new Status(StatusCode.Unavailable, detail));
}
