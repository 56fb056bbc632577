using Platform.Core.Routing;
using Platform.Core.Serving;
using Platform.SharedState.Plans;

namespace Platform.Api.Serving;

/// <summary>Every inference, from whichever protocol: the plan says which version, a worker answers, observers hear of it.</summary>
internal sealed class InferencePath(
    PlanFollower plans, Dispatcher dispatcher, IEnumerable<IAnswerObserver> observers, TimeProvider clock, IEnumerable<ICallGate>? gates = null)
{
    private readonly IAnswerObserver[] observers = [.. observers];
    private readonly ICallGate[] gates = [.. gates ?? []];

    public async Task<InferenceAnswer> AskAsync(InferenceCall call, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        InferenceAnswer? answer = null;
        RouteDecision? decision = null;
        try
        {
            answer = await RefuseAsync(call);
            if (answer is not null) return answer;
            (decision, var refusal) = Route(call);
            answer = refusal ?? await AskInTimeAsync(call, decision!.Placed!, decision.Route, cancellation);
            return answer;
        }
        finally
        {
            var elapsed = clock.GetElapsedTime(started);
            foreach (var observer in observers) observer.Answered(call, decision?.Placed, decision?.Placed is null ? "" : decision.Route, answer, elapsed);
        }
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

    private async Task<InferenceAnswer> AskInTimeAsync(
        InferenceCall call, PlacedVersion placed, string route, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(placed.Config.Limits?.Timeout ?? ServingLimits.DefaultTimeout);
        try
        {
            return await dispatcher.AskAsync(call, placed, route, deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return InferenceAnswer.Refused(504, "Request timeout expired: no answer came within the version's limit (config.limits.timeout).");
        }
    }
}
