using Platform.Contracts.Privacy;
using Platform.Core.Privacy;

namespace Platform.Api.Privacy;

/// <param name="Subject">The person as calls named it in <c>X-Subject</c>.</param>
public sealed record EraseRequest(string? Subject);

/// <param name="SubjectHash">The person's name as it was stored, a keyed hash.</param>
/// <param name="AuditEntry">Number of the entry in the audit log, for <c>/v1/audit/proof?entry=</c>.</param>
/// <param name="Note">The same as text, signed by the key of <c>/v1/audit/key</c>.</param>
public sealed record ErasureResponse(
    string Id, string SubjectHash, DateTimeOffset RequestedAt, DateTimeOffset CompletedAt, ErasedCounts Erased, long AuditEntry, string Note)
{
    internal static ErasureResponse From(ErasureReceipt receipt) => new(
        receipt.Id.ToString("n"), receipt.Subject, receipt.RequestedAt, receipt.CompletedAt, receipt.Erased, receipt.AuditEntry, receipt.Note);
}

/// <summary>The longest age of each kind; what is left out goes by its own time to live.</summary>
public sealed record PutDataRetentionRequest(
    TimeSpan? Predictions, TimeSpan? Feedback, TimeSpan? Requests, TimeSpan? Answers, TimeSpan? Idempotency, TimeSpan? AuditSummaries,
    TimeSpan? Jobs)
{
    internal DataRetention ToPolicy() => new(Predictions, Feedback, Requests, Answers, Idempotency, AuditSummaries, Jobs);
}

/// <param name="SweptAt">When what is stored was last held against the policy.</param>
/// <param name="Removed">Records that were too old then.</param>
public sealed record DataRetentionResponse(DataRetention Policy, DateTimeOffset? SweptAt, long? Removed)
{
    internal static DataRetentionResponse From(DataRetentionView view) => new(view.Policy, view.SweptAt, view.Removed);
}
