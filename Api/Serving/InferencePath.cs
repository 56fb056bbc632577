using Platform.Core.Routing;
using Platform.Core.Serving;
using Platform.SharedState.Plans;

namespace Platform.Api.Serving;

/// <summary>Every inference, from whichever protocol: the plan says which version, a worker answers, observers hear of it.</summary>
internal sealed class InferencePath(
    PlanFollower plans, Dispatcher dispatcher, Degradation degradation, AnswerCache cache, CallSubjects subjects, IEnumerable<IAnswerObserver> observers,
    TimeProvider clock,
    IEnumerable<ICallGate>? gates = null)
{
    private readonly IAnswerObserver[] observers = [.. observers];
    private readonly ICallGate[] gates = [.. gates ?? []];

    public async Task<InferenceAnswer> AskAsync(InferenceCall asked, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        if (!subjects.TryRead(asked, out var subject, out var unreadable))
        {
            Tell(asked, null, "", unreadable, started);
            return unreadable;
        }

        var call = subject is null ? asked : asked with { Subject = subject };
        if (await RefuseAsync(call) is { } refused)
        {
            Tell(call, null, "", refused, started);
            return refused;
        }

        var (decision, refusal) = Route(call);
        if (decision?.Placed is not { } placed)
        {
            Tell(call, null, "", refusal, started);
            return refusal!;
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(placed.Config.Limits?.Timeout ?? ServingLimits.DefaultTimeout);
        var question = AnswerCache.Read(call, placed);
        if (question is null) return await AskOrDegradeAsync(call, placed, decision.Route, null, started, deadline.Token, cancellation);
        var (answer, isRemembered) = await cache.AskAsync(
            question, () => AskOrDegradeAsync(call, placed, decision.Route, question, started, deadline.Token, cancellation), deadline.Token);
        if (isRemembered) Tell(call, placed, decision.Route, answer, started);
        return answer;
    }

    private async Task<InferenceAnswer> AskOrDegradeAsync(
        InferenceCall call, PlacedVersion placed, string route, Question? question, long started, CancellationToken deadline, CancellationToken caller)
    {
        var answer = await AskAsync(call, placed, route, started, deadline, caller);
        // Only where the front door itself found nobody: what a worker says stands.
        return answer is { Error: not null, Status: StatusCodes.Status503ServiceUnavailable } && placed.Config.Fallback is not null
            ? await DegradeAsync(call, placed, question, started, deadline, caller) ?? answer
            : answer;
    }

    private async Task<InferenceAnswer> AskAsync(
        InferenceCall call, PlacedVersion placed, string route, long started, CancellationToken deadline, CancellationToken caller)
    {
        InferenceAnswer? answer = null;
        try
        {
            answer = await InTimeAsync(dispatcher.AskAsync(call, placed, route, deadline, caller), caller);
            // Whom the plan had chosen is said of a refusal too: a caller of a failing canary sees that it was the canary.
            return answer = answer.Error is null ? answer : answer with { Version = placed.Version, Route = route };
        }
        finally
        {
            Tell(call, placed, route, answer, started);
        }
    }

    /// <summary>What the plan has for this case. The version that could not answer has been counted as failed already.</summary>
    private async Task<InferenceAnswer?> DegradeAsync(
        InferenceCall call, PlacedVersion placed, Question? question, long started, CancellationToken deadline, CancellationToken caller)
    {
        try
        {
            if (await degradation.AskOtherAsync(call, placed, deadline, caller) is var (version, other))
            {
                Tell(call, version, Degradation.Route, other, started);
                return other;
            }
        }
        catch (OperationCanceledException) when (!caller.IsCancellationRequested)
        {
            // The other version took too long; what needs no worker may still answer.
        }

        var answer = placed.Config.Fallback!.Cache && question is not null ? await cache.FindAnyAsync(question) : null;
        answer ??= Degradation.FixedAnswer(call, placed);
        if (answer is not null) Tell(call, placed, Degradation.Route, answer, started);
        return answer;
    }

    private static async Task<InferenceAnswer> InTimeAsync(Task<InferenceAnswer> asking, CancellationToken caller)
    {
        try
        {
            return await asking;
        }
        catch (OperationCanceledException) when (!caller.IsCancellationRequested)
        {
            return InferenceAnswer.Refused(504, "Request timeout expired: no answer came within the version's limit (config.limits.timeout).");
        }
    }

    private void Tell(InferenceCall call, PlacedVersion? version, string route, InferenceAnswer? answer, long started)
    {
        var elapsed = clock.GetElapsedTime(started);
        foreach (var observer in observers) observer.Answered(call, version, route, answer, elapsed);
    }

    private async ValueTask<InferenceAnswer?> RefuseAsync(InferenceCall call)
    {
        foreach (var gate in gates)
        {
            if (await gate.RefuseAsync(call) is { } refusal) return refusal;
        }

        return null;
    }

    private (RouteDecision? Decision, InferenceAnswer? Refusal) Route(InferenceCall call)
    {
        if (!plans.Plans.TryGetValue(call.Model, out var plan))
            return (null, InferenceAnswer.Refused(404, $"Request for unknown model: '{call.Model}' is not found"));
        var decision = Router.Decide(plan, new(call.Version, call.RoutingKey, call.Header), Random.Shared.NextDouble());
        if (decision.Placed is not null) return (decision, null);
        return (decision, decision.Reason is RouteReason.NothingInProduction
            ? InferenceAnswer.Refused(503, $"Model '{call.Model}' has no available versions: nothing is in production. Deploy a version.")
            : InferenceAnswer.Refused(404, $"Request for unknown model: '{call.Model}' version {call.Version} is not found; deployed are: {string.Join(", ", plan.Versions.Select(v => v.Version))}"));
    }
}
