using System.Globalization;
using Grpc.Core;

namespace Platform.Api.Audit;

/// <summary>gRPC's answers as the log has them: an HTTP status, which gRPC itself leaves at 200.</summary>
internal static class RpcStatus
{
    private const string Header = "grpc-status";

    /// <summary>The status of an answer: gRPC's own where there is one that was sent without a message.</summary>
    public static int Of(HttpResponse response) =>
        response.Headers[Header] is [{ } text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code)
            ? ToHttp((StatusCode)code)
            : response.StatusCode;

    public static int ToHttp(StatusCode code) => code switch
    {
        StatusCode.OK => 200,
        StatusCode.InvalidArgument or StatusCode.OutOfRange => 400,
        StatusCode.Unauthenticated => 401,
        StatusCode.PermissionDenied => 403,
        StatusCode.NotFound => 404,
        StatusCode.AlreadyExists or StatusCode.FailedPrecondition or StatusCode.Aborted => 409,
        StatusCode.ResourceExhausted => 429,
        StatusCode.Cancelled => 499,
        StatusCode.Unimplemented => 501,
        StatusCode.Unavailable => 503,
        StatusCode.DeadlineExceeded => 504,
        _ => 500,
    };

    /// <summary>Makes an answer that has not left yet another one.</summary>
    public static void Replace(HttpResponse response, StatusCode code, string detail)
    {
        response.Headers[Header] = ((int)code).ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = Uri.EscapeDataString(detail);
    }
}
