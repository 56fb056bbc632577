using Microsoft.Extensions.Options;
using Platform.Core.Experiments;
using Platform.Core.Quality;
using Platform.ServiceDefaults.Access;
using Platform.SharedState.Experiments;
using Platform.SharedState.Plans;
using Platform.SharedState.Quality;

namespace Platform.Api.Experiments;

/// <summary>
/// Writes waiting exposures to Redis, again after a failure, since each counts once; and takes outcomes from feedback
/// before it is acknowledged.
/// </summary>
internal sealed class ExposureWriter : BackgroundWriter
{
    private const int MaxFlush = 1_000;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);
    private readonly ExposureBuffer buffer;
    private readonly ExperimentStore store;
    private readonly PlanFollower plans;
    private readonly FeedbackStore feedback;
    private readonly IOptions<InternalAccessOptions> access;
    private List<Exposure> unfinished = [];

    public ExposureWriter(
        ExposureBuffer buffer, ExperimentStore store, PlanFollower plans, FeedbackStore feedback, IOptions<InternalAccessOptions> access, TimeProvider clock,
        ILogger<ExposureWriter> logger)
        : base("Exposures of experiments", Period, clock, logger)
    {
        (this.buffer, this.store, this.plans, this.feedback) = (buffer, store, plans, feedback);
        this.access = access;
        feedback.Matched += JoinAsync;
    }

    /// <inheritdoc/>
    /// <remarks>Never twice at once: only the writer's own loop calls it.</remarks>
    public override async Task FlushAsync()
    {
        // What comes meanwhile waits for the next flush: one by one it would cost many times as much.
        var left = buffer.Waiting;
        do
        {
            Fill(ref left);
            if (unfinished.Count > 0) await WriteAsync();
        }
        while (left > 0);
    }

    public override void Dispose()
    {
        feedback.Matched -= JoinAsync;
        base.Dispose();
    }

    private void Fill(ref int left)
    {
        for (; left > 0 && unfinished.Count < MaxFlush; left--)
        {
            if (buffer.TryTake(out var exposure)) unfinished.Add(exposure);
        }
    }

    private async Task WriteAsync()
    {
        foreach (var experiment in unfinished.GroupBy(exposure => exposure.Experiment.Id))
            await store.AddAsync(experiment.Key, experiment.First().Experiment.Arms.Length, [.. experiment.SelectMany(exposure => OutcomesOf(exposure).Select(outcome => outcome with { Subject = exposure.Subject, At = exposure.At }))]);
        unfinished = [];
    }

    private IEnumerable<UnitOutcome> OutcomesOf(Exposure exposure)
    {
        var unit = UnitOf(exposure.Model, exposure.Experiment.ByRequest || exposure.RoutingKey is not { Length: > 0 } key ? exposure.RequestId : key);
        yield return new(unit, exposure.Arm);
        if (exposure.Failed is not { } failed) yield break;
        if (exposure.Experiment.Find(Metric.ErrorRate) is { } errors) yield return new(unit, exposure.Arm, errors, failed ? 1 : 0);
        if (!failed && exposure.Experiment.Find(Metric.LatencyMs) is { } latency) yield return new(unit, exposure.Arm, latency, exposure.LatencyMs);
    }

    private async Task JoinAsync(Prediction prediction, FeedbackItem item)
    {
        if (plans.Plans.GetValueOrDefault(prediction.Model)?.Experiment is not { } experiment) return;
        var outcomes = UnitOutcome.Of(experiment, prediction, item, request => UnitOf(prediction.Model, request)).ToList();
        if (outcomes.Count > 0) await store.AddAsync(experiment.Id, experiment.Arms.Length, outcomes);
    }

    private string UnitOf(string model, string text) => UnitHash.Of(access.Value.InternalKey, model, text);
}
