using Platform.Core.Results;

namespace Platform.Api.Conventions;

/// <summary>An expected "no" as the answer that API.md promises for it.</summary>
internal static class Refusals
{
    public static IResult ToResult(this Refusal refusal)
    {
        var status = refusal.Reason switch
        {
            RefusalReason.Invalid => StatusCodes.Status400BadRequest,
            RefusalReason.NotFound => StatusCodes.Status404NotFound,
            RefusalReason.Conflict => StatusCodes.Status409Conflict,
            RefusalReason.PreconditionFailed => StatusCodes.Status412PreconditionFailed,
            RefusalReason.TooLarge => StatusCodes.Status413PayloadTooLarge,
            RefusalReason.CheckFailed => StatusCodes.Status422UnprocessableEntity,
            RefusalReason.LimitReached => StatusCodes.Status429TooManyRequests,
            RefusalReason.Unavailable => StatusCodes.Status503ServiceUnavailable,
            _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal.Reason, "A reason without a status."),
        };
        return new RefusedResult(status, refusal);
    }

    private sealed class RefusedResult(int status, Refusal refusal) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => Errors.WriteAsync(httpContext, status, refusal.Detail, refusal.Field);
    }
}
