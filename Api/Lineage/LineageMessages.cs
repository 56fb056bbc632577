using System.Collections.Immutable;

namespace Platform.Api.Lineage;

/// <summary>Which version answered a request, and by whose decision.</summary>
/// <param name="Decision">What put the version in its place; null if the model's history is gone.</param>
/// <param name="Rollout">The step of the rollout that the version was part of when it answered; null if of none.</param>
/// <param name="Approvals">Who approved the version before it answered.</param>
/// <param name="AuditEntries">What the audit log has of that decision, the calls that asked for it first.</param>
public sealed record LineageResponse(
    string RequestId,
    DateTimeOffset At,
    string Model,
    string Version,
    string ArtifactSha256,
    string? SignedBy,
    string Route,
    long PlanRevision,
    int Status,
    string Worker,
    string Caller,
    DecisionResponse? Decision,
    RolloutStepResponse? Rollout,
    ImmutableArray<ApprovalStep> Approvals,
    ImmutableArray<LineageAuditEntry> AuditEntries);

/// <param name="Kind">deployment, rollout or rollback; "request" where the caller asked for the version by name.</param>
/// <param name="By">By whose decision the version answers.</param>
/// <param name="DeploymentId">The deployment that put it on the workers.</param>
/// <param name="PlanRevision">The plan that carried it first.</param>
/// <param name="InProductionSince">Since when it was in production; null if it was not when it answered.</param>
public sealed record DecisionResponse(
    string Kind, string? By, string? Reason, DateTimeOffset? At, long? DeploymentId, long? PlanRevision, DateTimeOffset? InProductionSince,
    string? RegisteredBy);

/// <param name="Id">For <c>/v1/models/{model}/rollouts/{id}</c>.</param>
/// <param name="Side">"new" if the version is the one that was rolled out, "stable" if it is the one before it.</param>
/// <param name="Step">Number of the step, from 0.</param>
/// <param name="Weight">Percent of the traffic that the new version had.</param>
/// <param name="Since">When the rollout came to stand there, why, and by whom.</param>
public sealed record RolloutStepResponse(
    string Id, string Side, string State, int Step, double Weight, DateTimeOffset Since, string Reason, string By);

public sealed record ApprovalStep(DateTimeOffset At, string By, string Comment, string Approval);

/// <summary>An entry without the address, which is the admin's to see.</summary>
public sealed record LineageAuditEntry(long Entry, DateTimeOffset At, string Phase, string Actor, string Action, string? Resource, int? Status, string? RequestId);
