using System.Collections.Immutable;

namespace Platform.Api.Lineage;

/// <summary>Which version answered a request, and by whose decision.</summary>
/// <param name="Decision">What put the version in its place; null if the model's history is gone.</param>
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

public sealed record ApprovalStep(DateTimeOffset At, string By, string Comment, string Approval);

/// <summary>An entry without the address, which is the admin's to see.</summary>
public sealed record LineageAuditEntry(long Entry, DateTimeOffset At, string Phase, string Actor, string Action, string? Resource, int? Status, string? RequestId);
