using System.Security.Claims;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Api.Serving;
using Platform.Core.Serving;

namespace Platform.Api.Limits;

/// <summary>Holds callers to their limits on every route, and models to theirs on inference.</summary>
internal static class LimitEnforcement
{
    /// <summary>Stands behind access, so that nobody spends what is another's, and before anything reads a body.</summary>
    public static IApplicationBuilder UseLimits(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var book = context.RequestServices.GetRequiredService<LimitBook>();
        var caller = book.OfCaller(context.User.CallerId());
        var model = InferredModel(context) is { } name ? book.OfModel(name) : null;
        if (caller is null && model is null)
        {
            await next(context);
            return;
        }

        var verdicts = new List<Verdict>();
        var passes = caller is null || await caller.AdmitAsync(verdicts);
        if (passes && model is not null) passes = await model.AdmitAsync(verdicts);
        LimitHeaders.Write(context.Response, verdicts);
        if (!passes)
        {
            await RefuseAsync(context, verdicts);
            return;
        }

        if (caller?.Bytes is { } callerBytes) context.Request.Body = new CountedBody(context.Request.Body, callerBytes.Spend);
        if (model?.Bytes is { } modelBytes) context.Request.Body = new CountedBody(context.Request.Body, modelBytes.Spend);
        await next(context);
    });

    private static Task RefuseAsync(HttpContext context, List<Verdict> verdicts)
    {
        var refused = verdicts.FindAll(verdict => !verdict.Passes);
        context.RequestServices.GetRequiredService<AccessMetrics>().Refused("limit");
        context.Response.Headers.RetryAfter = LimitHeaders.RetryAfter(refused);
        var names = string.Join(", ", refused.Select(verdict => verdict.Name));
        return Errors.WriteAsync(context, StatusCodes.Status429TooManyRequests, $"Over the limit: {names}. Retry-After says when there is room again.");
    }

    /// <summary>The model that a REST inference names; the other protocol's are looked at on the inference path.</summary>
    private static string? InferredModel(HttpContext context) =>
        HttpMethods.IsPost(context.Request.Method) && context.Request.Path.StartsWithSegments("/v2")
            ? context.Request.RouteValues.GetValueOrDefault("model") as string
            : null;
}

/// <summary>On the inference path: models' limits for what did not come over REST, and the cost in computing for all.</summary>
internal sealed class InferenceLimits(LimitBook book) : ICallGate, IAnswerObserver
{
    public async ValueTask<InferenceAnswer?> RefuseAsync(InferenceCall call)
    {
        if (call.IsAdmitted || book.OfModel(call.Model) is not { } model) return null;
        var verdicts = new List<Verdict>();
        if (await model.AdmitAsync(verdicts))
        {
            model.Bytes?.Spend(call.Body.Length);
            return null;
        }

        return InferenceAnswer.Refused(429, $"Over the limit of model '{call.Model}'.") with
        {
            RetryAfter = LimitHeaders.RetryAfter(verdicts.Where(verdict => !verdict.Passes)),
        };
    }

    public void Answered(InferenceCall call, PlacedVersion? version, string route, InferenceAnswer? answer, TimeSpan elapsed)
    {
        if (answer?.Figures.ComputeShareMicroseconds is not { } microseconds) return;
        var seconds = microseconds / 1e6;
        Spend(call.Caller, call.Model, seconds);
    }

    private void Spend(ClaimsPrincipal caller, string model, double seconds)
    {
        book.OfCaller(caller.CallerId())?.Compute?.Spend(seconds);
        book.OfModel(model)?.Compute?.Spend(seconds);
    }
}
