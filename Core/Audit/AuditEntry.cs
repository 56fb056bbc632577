namespace Platform.Core.Audit;

/// <summary>Which moment of a call an entry records.</summary>
public enum AuditPhase
{
    /// <summary>The caller was let in and the change is about to be tried.</summary>
    Asked,

    /// <summary>What came of it, written before the caller is told. Without an <see cref="Asked"/> one before it, nothing was tried.</summary>
    Answered,

    /// <summary>Several things of one kind that are counted together.</summary>
    Counted,
}

/// <summary>One entry of the audit log. No payload, no key, no free text of a caller stands in it.</summary>
/// <param name="Id">Made by who asks to write it, so that a repeated attempt is recognised.</param>
/// <param name="At">When the log took it, UTC; never before the entry before it.</param>
/// <param name="Actor">Who: the name of a key, the subject of a token, or "anonymous".</param>
/// <param name="KeyId">Which key of that name.</param>
/// <param name="Action">What, such as <c>models.deploy</c>.</param>
/// <param name="Resource">On what, such as <c>models/digits/versions/2.0.0</c>.</param>
/// <param name="Address">From where.</param>
/// <param name="Status">The HTTP status that the caller was answered.</param>
/// <param name="Reason">What kind of answer that was, from a closed set.</param>
/// <param name="BodySha256">Digest of the request's body as it was read, if it was read to its end.</param>
/// <param name="Before">Digest of the resource before.</param>
/// <param name="After">Digest of the resource after.</param>
/// <param name="Count">How many, for <see cref="AuditPhase.Counted"/>.</param>
public sealed record AuditEntry(
    Guid Id,
    DateTimeOffset At,
    AuditPhase Phase,
    string Actor,
    string Action,
    string? KeyId = null,
    string? Resource = null,
    string? Address = null,
    int? Status = null,
    string? Reason = null,
    string? BodySha256 = null,
    string? Before = null,
    string? After = null,
    string? RequestId = null,
    string? TraceId = null,
    long? Count = null);
