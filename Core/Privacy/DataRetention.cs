using Platform.Core.Results;

namespace Platform.Core.Privacy;

/// <summary>What is kept of requests.</summary>
public enum DataKind
{
    Predictions,
    Feedback,
    Requests,
    Answers,
    Idempotency,
    AuditSummaries,
    Jobs,
}

/// <summary>The longest that each kind of data is kept, whatever its own time to live says; null leaves it at that.</summary>
/// <param name="Predictions">Predictions that wait for labels.</param>
/// <param name="Feedback">What was said of predictions.</param>
/// <param name="Requests">Who answered which request.</param>
/// <param name="Answers">Remembered answers to inferences.</param>
/// <param name="Idempotency">Remembered answers to requests with an <c>Idempotency-Key</c>.</param>
/// <param name="AuditSummaries">What makes searches in the audit log quick, names of callers among it; the log itself stays whole.</param>
/// <param name="Jobs">Batch jobs that ended, with their inputs, outputs and errors.</param>
public sealed record DataRetention(
    TimeSpan? Predictions = null,
    TimeSpan? Feedback = null,
    TimeSpan? Requests = null,
    TimeSpan? Answers = null,
    TimeSpan? Idempotency = null,
    TimeSpan? AuditSummaries = null,
    TimeSpan? Jobs = null)
{
    public static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    public TimeSpan? Of(DataKind kind) => kind switch
    {
        DataKind.Predictions => Predictions,
        DataKind.Feedback => Feedback,
        DataKind.Requests => Requests,
        DataKind.Answers => Answers,
        DataKind.Idempotency => Idempotency,
        DataKind.AuditSummaries => AuditSummaries,
        _ => Jobs,
    };

    /// <summary>What is wrong with it.</summary>
    public Refusal? Refuse()
    {
        foreach (var kind in Enum.GetValues<DataKind>())
        {
            if (Of(kind) is { } age && (age < Shortest || age > Longest))
                return Refusal.Invalid(FieldOf(kind), $"Give {DurationConverter.Format(Shortest)} to {DurationConverter.Format(Longest)}, or leave it out.");
        }

        return null;
    }

    private static string FieldOf(DataKind kind) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());
}

/// <summary>The policy as it is stored; null where nobody has set one, so that the options' holds.</summary>
public sealed record DataRetentionState
{
    public int Schema { get; init; } = 1;

    public DataRetention? Policy { get; init; }

    public long Revision { get; init; }
}
