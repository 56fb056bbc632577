using System.Collections.Immutable;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Models;
using Platform.Core.Models;
using Platform.Core.Results;
using Platform.SharedState.Lineage;

namespace Platform.Api.Lineage;

internal static class LineageEndpoints
{
    public static RouteGroupBuilder MapLineage(this RouteGroupBuilder v1)
    {
        v1.MapGet("/lineage/{request_id}", Get).WithTags("Audit").RequireAuthorization(Roles.Viewer).Produces<LineageResponse>().ProducesProblem(404);
        return v1;
    }

    private static async Task<IResult> Get(
        string request_id, RequestStore requests, IClusterClient cluster, RolloutSteps rollouts, DecisionAudit audit, CancellationToken cancellation)
    {
        if (await requests.FindAsync(request_id) is not { } request)
            return Refusal.NotFound($"No answered inference with the id {request_id} is remembered (any more): see Lineage:Lifetime and Lineage:MaxPerSecond.").ToResult();
        var asked = await cluster.GetGrain<IModelLineageGrain>(request.Model).GetDecisionAsync(request.Version, request.PlanRevision, request.At);
        var view = asked.Value;
        var entries = await audit.FindAsync(request, view?.Deployment, cancellation);
        return Results.Ok(new LineageResponse(
            request_id, request.At, request.Model, request.Version, request.Sha256, view?.Version?.Artifact?.SignedBy, request.Route, request.PlanRevision,
            request.Status, request.Worker, request.Caller, ToDecision(request, view), await rollouts.FindAsync(request), Approvals(view), entries));
    }

    private static DecisionResponse? ToDecision(AnsweredRequest request, DecisionView? view)
    {
        if (view?.Deployment is not { } deployment) return null;
        var period = view.Production is { } production && production.Version == request.Version ? production : null;
        // Who asks for a version by name decides for that request; that it is there to be asked was decided by its deployment.
        return new(
            request.Named ? "request" : (period?.Move.Kind ?? deployment.Kind).ToString().ToLowerInvariant(),
            request.Named ? request.Caller : period?.Move.By ?? deployment.By,
            request.Named ? $"Asked for by name; {deployment.By} had deployed it." : period?.Move.Reason ?? deployment.Why,
            request.Named ? request.At : period?.Move.At ?? deployment.StartedAt,
            deployment.Id, deployment.PlanRevision, period?.From, view.Version?.CreatedBy);
    }

    private static ImmutableArray<ApprovalStep> Approvals(DecisionView? view) =>
    [
        .. (view?.History ?? []).Where(step => step.Evidence?.Kind is EvidenceKind.Approval)
            .Select(step => new ApprovalStep(step.At, step.By, step.Reason, step.Evidence!.Reference)),
    ];
}
