using System.Collections.Immutable;

namespace Platform.Core.Compliance.Checks;

/// <summary>Whether people decide, can intervene, and know what they answer for.</summary>
internal static class OversightChecks
{
    public static ImmutableArray<ComplianceCheck> All { get; } =
    [
        new("oversight.owner", "The model has an owner", facts => Finding.Of(
            facts.Registered.Owner.Length > 0, facts.Registered.Owner.Length > 0 ? $"Owner: {facts.Registered.Owner}." : "No owner is named.", Model(facts))),
        new("oversight.purpose", "The model's purpose is written down", facts => Finding.Of(
            facts.Registered.Description.Length > 0 && facts.Registered.Task.Length > 0,
            facts.Registered is { Description.Length: > 0, Task.Length: > 0 } ? "It has a description and a task." : "Its description or its task is missing.", Model(facts))),
        new("oversight.approval.required", "Approval is required before production", facts => Finding.Of(
            facts.Registered.NeedsApproval, facts.Registered.NeedsApproval ? "The model's policy asks for approval." : "The model's policy asks for no approval.", Model(facts))),
        ComplianceCheck.OfVersion("oversight.approval.given", "Somebody else than who registered the version approved it", (facts, version) => Finding.Of(
            version.ApprovedBy.Any(by => by != version.RegisteredBy),
            version.ApprovedBy.IsEmpty ? "Nobody approved it." : $"Registered by {version.RegisteredBy}, approved by {string.Join(", ", version.ApprovedBy)}.",
            $"GET /v1/models/{facts.Model}/versions/{version.Version}/history")),
        ComplianceCheck.OfVersion("oversight.rollback", "An earlier version is there to go back to", (facts, _) => Finding.Of(
            facts.Registered.CanRollBack, facts.Registered.CanRollBack ? "An earlier production version is kept." : "No earlier production version is kept.", $"GET /v1/models/{facts.Model}/history")),
        ComplianceCheck.OfServing("oversight.fallback", "It is decided what answers when the version cannot", (facts, serving) => Finding.Of(
            serving.HasFallback, serving.HasFallback ? "The deployment has a fallback." : "Callers are answered 503.", "config.fallback of the deployment")),
        new("oversight.retired", "Versions that are not needed go by a rule", facts => Finding.Of(
            facts.Registered.HasVersionRetention, facts.Registered.HasVersionRetention ? "The model has a retention policy." : "Every version is kept for good.", $"GET /v1/models/{facts.Model}/retention")),
        new("oversight.alerts.told", "Somebody is told when the model does badly", facts => Finding.Of(
            facts.Monitoring.RulesThatTell > 0, $"{facts.Monitoring.RulesThatTell} of {facts.Monitoring.Rules} rules tell a channel.", "GET /v1/alert-rules", "GET /v1/channels")),
    ];

    private static string Model(ComplianceFacts facts) => $"GET /v1/models/{facts.Model}";
}
