namespace Platform.Api.Audit;

/// <summary>An answer in a word from a closed set; its sentence stays out of the log, since it may quote the caller.</summary>
internal static class AnswerReason
{
    public static string Of(int status) => status switch
    {
        >= 200 and < 300 => "done",
        400 => "invalid",
        401 => "unauthenticated",
        403 => "forbidden",
        404 => "not_found",
        405 => "no_such_method",
        409 => "conflict",
        412 => "precondition_failed",
        413 => "too_large",
        415 => "wrong_content_type",
        422 => "check_failed",
        429 => "limit_reached",
        499 => "caller_gone",
        503 => "unavailable",
        504 => "deadline_passed",
        >= 300 and < 400 => "elsewhere",
        >= 400 and < 500 => "refused",
        _ => "failed",
    };
}
