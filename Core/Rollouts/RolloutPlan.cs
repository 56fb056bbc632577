using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Platform.Core.Routing;

namespace Platform.Core.Rollouts;

/// <summary>How a new version comes to its traffic.</summary>
public enum RolloutStrategy
{
    /// <summary>By steps of weight.</summary>
    Canary,

    /// <summary>Loaded beside, then all at once; the old one stays warm for a while.</summary>
    BlueGreen,

    /// <summary>Mirrored copies; callers never see the answers.</summary>
    Shadow,
}

/// <summary>What is judged, and on how much.</summary>
/// <param name="MinRequests">Canary requests of a step below which it is neither passed nor failed.</param>
/// <param name="Metrics">Null judges the error rate against stable's.</param>
/// <param name="FailureLimit">Failing ticks of a guardrail that are let pass; the next one rolls back.</param>
/// <param name="Alpha">Chance of a false rollback in the whole rollout, shared by all bounds of all guardrails.</param>
public sealed record RolloutAnalysis(
    int MinRequests = 100, ImmutableArray<Guardrail>? Metrics = null, int FailureLimit = 0, double Alpha = 0.01);

/// <summary>A weight that is held.</summary>
/// <param name="Weight">Percent of the traffic, in hundredths at the finest; of a shadow, of the requests that are mirrored.</param>
/// <param name="Hold">How long at least.</param>
/// <param name="Analysis">Judged during this step instead of the rollout's own.</param>
public sealed record RolloutStep(double Weight, TimeSpan? Hold = null, RolloutAnalysis? Analysis = null)
{
    [JsonIgnore]
    public int BasisPoints => (int)Math.Round(Weight * 100);
}

/// <summary>A rollout as it was asked for, whole and checked.</summary>
/// <param name="Rules">Requests that go to the new version before the weights are asked, at any step.</param>
/// <param name="MaxWait">How long a step waits for evidence after its hold before it pauses for a person.</param>
/// <param name="Deadline">After this long from its beginning an unfinished rollout is rolled back; null: never.</param>
/// <param name="KeepPrevious">How long the old version stays loaded after the switch; null: until somebody undeploys it.</param>
/// <param name="Classes">How many classes both versions tell apart; null where their outputs do not say.</param>
public sealed record RolloutPlan(
    string To, RolloutStrategy Strategy, ImmutableArray<RolloutStep> Steps, RolloutAnalysis Analysis, bool AutoPromote,
    ImmutableArray<RouteRule> Rules, TimeSpan MaxWait, TimeSpan? Deadline, TimeSpan? KeepPrevious, int? Classes = null)
{
    /// <summary>The chance of a false rollback; the rollout's own, whatever its steps judge.</summary>
    [JsonIgnore]
    public double Alpha => Analysis.Alpha;

    public RolloutAnalysis AnalysisOf(int step) => Steps[step].Analysis ?? Analysis;

    /// <summary>Every bound that any step judges, each once; alpha is split over them.</summary>
    public ImmutableArray<GuardrailCheck> Checks() => [.. Steps.SelectMany((_, step) => ChecksOf(step)).Distinct()];

    public ImmutableArray<GuardrailCheck> ChecksOf(int step) =>
        [.. (AnalysisOf(step).Metrics ?? [new Guardrail("error_rate", MaxRatioToStable: 1)]).SelectMany(Expand)];

    private IEnumerable<GuardrailCheck> Expand(Guardrail guardrail)
    {
        var parts = GuardrailCheck.KindOf(guardrail.Name) is { } kind ? ClassTicks.PartsOf(kind, Classes) : 1;
        if (guardrail.Max is { } max) yield return new(guardrail.Name, Bound.Max, max, Parts: parts);
        if (guardrail.Min is { } min) yield return new(guardrail.Name, Bound.Min, min, Parts: parts);
        if (guardrail.MaxRatioToStable is { } ratio) yield return new(guardrail.Name, Bound.MaxRatioToStable, ratio, Parts: parts);
        if (guardrail.MaxDrop is { } drop) yield return new(guardrail.Name, Bound.MaxDrop, drop, Parts: parts);
    }
}
