using System.ComponentModel.DataAnnotations;
using Platform.Core.Privacy;

namespace Platform.Silo.Privacy;

/// <summary>How long what is held of requests is kept.</summary>
internal sealed class PrivacyOptions : IValidatableObject
{
    public const string Section = "Privacy";

    /// <summary>How often what is stored is held against the policy; a reminder comes once a minute at most.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan SweepPeriod { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The policy as long as nobody sets one by <c>PUT /v1/privacy/retention</c>.</summary>
    public RetentionDefaults Retention { get; set; } = new();

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Retention.ToPolicy().Refuse() is { } refusal) yield return new($"Privacy:Retention, {refusal.Field}: {refusal.Detail}");
    }
}

/// <summary>The longest age of each kind; what is left out goes by its own time to live.</summary>
internal sealed class RetentionDefaults
{
    public TimeSpan? Predictions { get; set; }

    public TimeSpan? Feedback { get; set; }

    public TimeSpan? Requests { get; set; }

    public TimeSpan? Answers { get; set; }

    public TimeSpan? Idempotency { get; set; }

    public TimeSpan? AuditSummaries { get; set; }

    public TimeSpan? Jobs { get; set; }

    public DataRetention ToPolicy() => new(Predictions, Feedback, Requests, Answers, Idempotency, AuditSummaries, Jobs);
}
