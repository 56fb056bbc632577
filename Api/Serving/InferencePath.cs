using Platform.Core.Serving;
using Platform.SharedState.Plans;

namespace Platform.Api.Serving;

/// <summary>Every inference, from whichever protocol: the plan says which version, a worker answers, observers hear of it.</summary>
internal sealed class InferencePath(
    PlanFollower plans, Dispatcher dispatcher, IEnumerable<IAnswerObserver> observers, TimeProvider clock)
{
    private readonly IAnswerObserver[] observers = [.. observers];

    public async Task<InferenceAnswer> AskAsync(InferenceCall call, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        InferenceAnswer? answer = null;
        PlacedVersion? placed = null;
        PlannedRoute? route = null;
        try
        {
            (placed, route, var refusal) = Route(call);
            answer = refusal ?? await AskInTimeAsync(call, placed!, route!, cancellation);
            return answer;
        }
        finally
        {
            foreach (var observer in observers) observer.Answered(call, placed, route?.Route ?? "", answer, clock.GetElapsedTime(started));
        }
    }

    private (PlacedVersion? Placed, PlannedRoute? Route, InferenceAnswer? Refusal) Route(InferenceCall call)
    {
        if (!plans.Plans.TryGetValue(call.Model, out var plan))
            return (null, null, InferenceAnswer.Refused(404, $"Request for unknown model: '{call.Model}' is not found"));
        var route = call.Version is null ? plan.Routes.FirstOrDefault() : new PlannedRoute(call.Version, 0, "stable");
        if (route is null)
            return (null, null, InferenceAnswer.Refused(503, $"Model '{call.Model}' has no available versions: nothing is in production. Deploy a version."));
        return plan.Find(route.Version) is { } placed
            ? (placed, route, null)
            : (null, null, InferenceAnswer.Refused(404, $"Request for unknown model: '{call.Model}' version {call.Version} is not found; deployed are: {string.Join(", ", plan.Versions.Select(v => v.Version))}"));
    }

    private async Task<InferenceAnswer> AskInTimeAsync(
        InferenceCall call, PlacedVersion placed, PlannedRoute route, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(placed.Config.Limits?.Timeout ?? ServingLimits.DefaultTimeout);
        try
        {
            return await dispatcher.AskAsync(call, placed, route.Route, deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return InferenceAnswer.Refused(504, "Request timeout expired: no answer came within the version's limit (config.limits.timeout).");
        }
    }
}
