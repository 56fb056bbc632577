using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Platform.Api.Serving;
using Platform.Core.Experiments;
using Platform.Core.Serving;
using Platform.ServiceDefaults;
using Platform.SharedState.Experiments;
using Platform.SharedState.Plans;

namespace Platform.Api.Experiments;

/// <summary>A request that an arm was to answer, on its way to Redis.</summary>
/// <param name="RoutingKey">In memory only, until it is hashed.</param>
/// <param name="Failed">Null when the caller left before there was an answer.</param>
internal readonly record struct Exposure(
    ExperimentPlan Experiment, int Arm, string Model, string RequestId, string? RoutingKey, bool? Failed, double LatencyMs, DateTimeOffset At,
    string? Subject);

/// <summary>Takes who was assigned to which arm, off the way of the requests, and holds it until it is written.</summary>
internal sealed class ExposureBuffer : IAnswerObserver
{
    private readonly ConcurrentQueue<Exposure> waiting = new();
    private readonly Counter<long> dropped;
    private readonly PlanFollower plans;
    private readonly TimeProvider clock;
    private readonly int maxWaiting;
    private int count;

    public ExposureBuffer(PlanFollower plans, IMeterFactory meters, IOptions<ExperimentOptions> options, TimeProvider clock)
    {
        dropped = meters.Create(TelemetryNames.Meter).CreateCounter<long>(
            TelemetryNames.ExposuresDropped, "{request}", "Requests that no experiment counted, for want of room while Redis was away.");
        (this.plans, this.clock, maxWaiting) = (plans, clock, options.Value.MaxWaiting);
    }

    public void Answered(InferenceCall call, PlacedVersion? version, string route, InferenceAnswer? answer, TimeSpan elapsed)
    {
        // A request that names its version was assigned by its caller.
        if (version is null || call.Version is not null) return;
        if (plans.Plans.GetValueOrDefault(call.Model)?.Experiment is not { } experiment || experiment.ArmOf(route) is not (>= 0 and var arm)) return;
        if (Interlocked.Increment(ref count) <= maxWaiting)
        {
            waiting.Enqueue(new(
                experiment, arm, call.Model, call.RequestId, call.RoutingKey, answer is null ? null : IsFailure(answer.Status), elapsed.TotalMilliseconds,
                clock.GetUtcNow(), call.Subject));
            return;
        }

        Interlocked.Decrement(ref count);
        dropped.Add(1, new KeyValuePair<string, object?>(TelemetryNames.ModelTag, call.Model));
    }

    public int Waiting => Volatile.Read(ref count);

    public bool TryTake(out Exposure exposure)
    {
        if (!waiting.TryDequeue(out exposure)) return false;
        Interlocked.Decrement(ref count);
        return true;
    }

    /// <summary>A caller's own mistake says nothing of the version.</summary>
    private static bool IsFailure(int status) => status >= 500;
}
