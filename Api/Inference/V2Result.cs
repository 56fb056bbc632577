using Platform.Api.Conventions;

namespace Platform.Api.Inference;

internal static class V2Result
{
    public static IResult ToResult(this V2Refusal refusal) => new Refused(refusal);

    private sealed class Refused(V2Refusal refusal) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => Errors.WriteAsync(httpContext, refusal.Status, refusal.Error);
    }
}
