using System.Collections.Immutable;

namespace Platform.Core.Compliance.Checks;

/// <summary>Whether what happened is recorded, for long enough, and cannot be changed unseen.</summary>
internal static class RecordChecks
{
    /// <summary>EU AI Act Art. 19(1) and 26(6): logs are kept at least six months.</summary>
    private static readonly TimeSpan SixMonths = TimeSpan.FromDays(183);
    private static readonly TimeSpan CheckpointLimit = TimeSpan.FromDays(1);

    public static ImmutableArray<ComplianceCheck> All { get; } =
    [
        new("records.audit.whole", "The audit log is whole", facts => Finding.Of(
            facts.Audit.Valid, facts.Audit.Valid ? $"All {facts.Audit.Entries} entries are those that were written." : $"The log does not verify: {facts.Audit.Reason}",
            "GET /v1/audit/verify", "GET /v1/audit/export")),
        new("records.audit.in_use", "Changes are recorded", facts => Finding.Of(
            facts.Audit.Entries > 0, $"The log has {facts.Audit.Entries} entries.", "GET /v1/audit")),
        new("records.audit.signed", "The audit log is vouched for by signed checkpoints", facts => facts.Audit.Entries == 0
            ? Finding.NotApplicable("The log has no entry yet.")
            : Finding.Of(facts.Audit.LastCheckpointAt is { } at && facts.At - at <= CheckpointLimit || facts.Audit.Valid && facts.Audit.LastCheckpointAt is not null,
                facts.Audit.LastCheckpointAt is { } last ? $"The last checkpoint is of {last:u}." : "No checkpoint is signed by a trusted key.", "GET /v1/audit/checkpoint", "GET /v1/audit/key")),
        new("records.audit.own_key", "The audit log is signed by a key of its own", facts => Finding.Of(
            facts.Audit.HasOwnKey,
            facts.Audit.HasOwnKey ? "Audit:SigningKey is a pair of its own." : "The key is derived from the platform key, which every process has.", "GET /v1/audit/key")),
        new("records.audit.kept", "The audit log reaches back six months, or to its beginning", facts => facts.Audit.FirstEntryAt is { } first
            ? Finding.Of(facts.Audit.Valid, facts.At - first >= SixMonths
                ? $"It begins at {first:u}, more than six months ago, and nothing of it is missing."
                : $"It begins at {first:u}; nothing since is missing, and nothing in the platform removes entries.", "GET /v1/audit/verify")
            : Finding.NotApplicable("The log has no entry yet.")),
        ComplianceCheck.OfServing("records.inference.events", "Each inference is recorded with version, plan and time", (facts, _) => Finding.Of(
            facts.Lineage.Enabled, facts.Lineage.Enabled ? $"Recorded for {DurationConverter.Format(facts.Lineage.Lifetime)}." : "Lineage:Enabled is off.", "GET /v1/lineage/{request_id}")),
        ComplianceCheck.OfServing("records.inference.complete", "No inference goes unrecorded under load", (facts, _) => facts.Lineage.Enabled
            ? Finding.Of(facts.Lineage.MaxPerSecond == 0, facts.Lineage.MaxPerSecond == 0
                ? "All requests are recorded (Lineage:MaxPerSecond=0)."
                : $"Beyond {facts.Lineage.MaxPerSecond} a second and Api they are dropped and counted.", "platform.lineage.dropped")
            : Finding.Of(false, "Lineage:Enabled is off.", "GET /v1/lineage/{request_id}")),
        ComplianceCheck.OfServing("records.inference.six_months", "Records of inferences are kept at least six months", (facts, _) => Finding.Of(
            facts.Lineage.Enabled && facts.Lineage.Lifetime >= SixMonths && (facts.Privacy.Retention.Requests is not { } most || most >= SixMonths),
            $"Lineage:Lifetime is {DurationConverter.Format(facts.Lineage.Lifetime)}"
            + (facts.Privacy.Retention.Requests is { } age ? $", the retention policy allows {DurationConverter.Format(age)}." : "."), "GET /v1/lineage/{request_id}")),
        ComplianceCheck.OfVersion("records.version.history", "The version's life is recorded step by step", (facts, version) => Finding.Of(
            version.HistorySteps > 0, $"{version.HistorySteps} steps with who, when and why.", $"GET /v1/models/{facts.Model}/versions/{version.Version}/history")),
    ];
}
