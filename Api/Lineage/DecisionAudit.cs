using System.Collections.Immutable;
using System.Text.Json;
using Platform.Core.Audit;
using Platform.Core.Serving;
using Platform.SharedState.Audit;
using Platform.SharedState.Lineage;

namespace Platform.Api.Lineage;

/// <summary>Finds in the audit log what made a version answer: the calls about the version itself, and the one that put it to work.</summary>
internal sealed class DecisionAudit(AuditSearch search)
{
    private const int MaxEntries = 100;
    // The log's clock and that of a model's grain may be two machines'.
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);
    private static readonly string[] Deciding = ["models.deploy", "models.rollback"];

    public async Task<ImmutableArray<LineageAuditEntry>> FindAsync(AnsweredRequest request, Deployment? deployment, CancellationToken cancellation)
    {
        var version = await search.FindAsync(
            new AuditFilter(null, "models.versions*", $"models/{request.Model}/versions/{request.Version}", null, request.At), MaxEntries, null, cancellation);
        var found = version.Items.Where(item => item.Entry is { Phase: AuditPhase.Answered, Reason: "done" });
        if (deployment is not null) found = found.Concat(await DecidingAsync(request, deployment, cancellation));
        return [.. found.OrderBy(item => item.Index).Select(ToEntry)];
    }

    /// <summary>Of the calls that its caller made around the deployment's start, the last that was about to be tried before it.</summary>
    private async Task<IEnumerable<FoundEntry>> DecidingAsync(AnsweredRequest request, Deployment deployment, CancellationToken cancellation)
    {
        var filter = new AuditFilter(
            deployment.By, null, $"models/{request.Model}", deployment.StartedAt - Tolerance, (deployment.EndedAt ?? deployment.StartedAt) + Tolerance);
        var around = (await search.FindAsync(filter, MaxEntries, null, cancellation)).Items
            .Where(item => item.Entry is { } entry && (Deciding.Contains(entry.Action) || entry.Action.StartsWith("models.rollouts", StringComparison.Ordinal)))
            .ToArray();
        // Newest first, so the first that fits is the last before it.
        var asked = around.FirstOrDefault(item => item.Entry is { Phase: AuditPhase.Asked } entry && entry.At <= deployment.StartedAt)
            ?? around.LastOrDefault(item => item.Entry is { Phase: AuditPhase.Asked });
        return around.Where(item => asked is not null && item.Entry!.RequestId == asked.Entry!.RequestId);
    }

    private static LineageAuditEntry ToEntry(FoundEntry found) => new(
        found.Index, found.Entry!.At, JsonNamingPolicy.SnakeCaseLower.ConvertName(found.Entry.Phase.ToString()), found.Entry.Actor,
        found.Entry.Action, found.Entry.Resource, found.Entry.Status, found.Entry.RequestId);
}
