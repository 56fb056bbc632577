namespace Platform.SharedState.Sealing;

/// <summary>What a sealed record or a hashed name is for. Each purpose has keys of its own, so that none passes for another.</summary>
internal static class SealPurposes
{
    public const string Prediction = "prediction";
    public const string Label = "label";
    public const string HeldFeedback = "held-feedback";
    public const string Request = "request";
    public const string Answer = "answer";
    public const string Idempotency = "idempotency";
    public const string DriftReference = "drift-reference";
    public const string ProtectionReference = "protection-reference";
    public const string Job = "job";
    public const string Bucket = "bucket";
    public const string Subject = "subject";
    public const string SubjectKey = "subject-key";
}
