using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Platform.Contracts.Rollouts;
using Platform.Core.Rollouts;

namespace Platform.Api.Rollouts;

/// <param name="Reason">Why; it stays in the timeline.</param>
public sealed record RolloutCommandRequest(string? Reason);

/// <param name="Agreement">Share of mirrored requests to which both versions say the same.</param>
/// <param name="Dropped">Copies that were not made, because too many were waiting.</param>
public sealed record ShadowResponse(
    long Compared, long Agreed, double? Agreement, double? MeanAbsoluteDifference, double MaxAbsoluteDifference, long Dropped)
{
    internal static ShadowResponse Of(ShadowFigures figures) => new(
        figures.Compared, figures.Agreed, figures.Agreement, figures.MeanAbsoluteDifference, figures.MaxAbsoluteDifference, figures.Dropped);
}

/// <param name="Step">Index of the present step.</param>
/// <param name="Weight">Percent of the answered traffic that is the new version's.</param>
/// <param name="Reason">What it waits for, or what made it end.</param>
/// <param name="Measurements">The last look at each bound.</param>
/// <param name="Timeline">Every change: what, why and by whom.</param>
public sealed record RolloutResponse(
    string Id, string Model, string From, string To, RolloutStrategy Strategy, RolloutPhase State, int Step, double Weight,
    RolloutReason Reason, string Detail, string By, DateTimeOffset CreatedAt, DateTimeOffset StepStartedAt, bool AutoPromote,
    ImmutableArray<RolloutStep> Steps, RolloutAnalysis Analysis, TimeSpan MaxWait, TimeSpan? Deadline, TimeSpan? KeepPrevious,
    int Rules, ImmutableArray<Measurement> Measurements, ImmutableArray<RolloutEvent> Timeline,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ShadowResponse? Shadow)
{
    internal static RolloutResponse Of(RolloutView view) => Of(view.Rollout, view.Shadow);

    internal static RolloutResponse Of(RolloutState state, ShadowFigures? shadow) => new(
        state.Id, state.Model, state.From, state.Plan.To, state.Plan.Strategy, state.Phase, state.Step, state.Weight,
        state.Reason, state.Detail, state.By, state.CreatedAt, state.StepStartedAt, state.Plan.AutoPromote,
        state.Plan.Steps, state.Plan.Analysis, state.Plan.MaxWait, state.Plan.Deadline, state.Plan.KeepPrevious,
        state.Plan.Rules.Length, state.Measurements ?? [], state.Timeline, shadow is null ? null : ShadowResponse.Of(shadow));
}
