using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using CallStatus = Grpc.Core.Status;

namespace Platform.Api.Inference.Grpc;

/// <summary>The status codes that V2 clients know for what REST says with a number.</summary>
internal static class GrpcErrors
{
    private const int DefaultRetrySeconds = 2;

    public static StatusCode CodeOf(int status) => status switch
    {
        400 => StatusCode.InvalidArgument,
        401 => StatusCode.Unauthenticated,
        403 => StatusCode.PermissionDenied,
        404 => StatusCode.NotFound,
        409 => StatusCode.FailedPrecondition,
        413 => StatusCode.ResourceExhausted,
        415 or 501 => StatusCode.Unimplemented,
        422 => StatusCode.InvalidArgument,
        429 => StatusCode.ResourceExhausted,
        499 => StatusCode.Cancelled,
        503 => StatusCode.Unavailable,
        504 => StatusCode.DeadlineExceeded,
        _ => StatusCode.Internal,
    };

    public static RpcException ToRpcException(this V2Refusal refusal) => From(refusal.Status, refusal.Error);

    /// <param name="retryAfter">Seconds, as Retry-After says them.</param>
    public static RpcException From(int status, string message, string? retryAfter = null)
    {
        var code = CodeOf(status);
        if (status is not (429 or 503)) return new RpcException(new CallStatus(code, message));
        var seconds = int.TryParse(retryAfter, out var asked) ? asked : DefaultRetrySeconds;
        // Only what is over soon is worth another try; a message that is too large stays so.
        var details = new Google.Rpc.Status { Code = (int)code, Message = message };
        details.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds)) }));
        return details.ToRpcException();
    }
}
