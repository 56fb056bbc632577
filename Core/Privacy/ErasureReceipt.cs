using System.Globalization;

namespace Platform.Core.Privacy;

/// <summary>What an erasure was asked with.</summary>
/// <param name="Subjects">The person's names as they are stored, the present one first.</param>
/// <param name="By">Name of the key or token that asked.</param>
public sealed record ErasureRequest(System.Collections.Immutable.ImmutableArray<string> Subjects, string By, string? KeyId, string? RequestId);

/// <summary>What came of an erasure.</summary>
/// <param name="Subject">The person's name as it was stored; who asks with the same name finds it, nobody else can tell whose it is.</param>
/// <param name="AuditEntry">Number of the entry in the audit log.</param>
/// <param name="Note">All of this as text, signed by the key that signs the log's checkpoints.</param>
public sealed record ErasureReceipt(
    Guid Id, string Subject, DateTimeOffset RequestedAt, DateTimeOffset CompletedAt, ErasedCounts Erased, long AuditEntry, string Note = "")
{
    /// <summary>First line of the text, and name of the signature.</summary>
    public const string Origin = "platform.privacy.erasure/v1";

    /// <summary>What is signed.</summary>
    public string ToText() => string.Create(CultureInfo.InvariantCulture, $"""
        {Origin}
        id {Id:n}
        subject {Subject}
        requested_at {RequestedAt.UtcDateTime:O}
        completed_at {CompletedAt.UtcDateTime:O}
        predictions {Erased.Predictions}
        feedback {Erased.Feedback}
        requests {Erased.Requests}
        units {Erased.Units}
        jobs {Erased.Jobs}
        audit_entry {AuditEntry}

        """).ReplaceLineEndings("\n");

    /// <summary>Whether a note has the form of a receipt, so that <see cref="Audit.SignedNote"/> may look for its signature.</summary>
    public static string? NameOf(string text) => text.StartsWith(Origin + "\n", StringComparison.Ordinal) ? Origin : null;
}

/// <summary>An erasure on its way: what is still to be done follows from it alone.</summary>
/// <param name="Counts">What was held; null while it is not counted, and then nothing is removed yet.</param>
public sealed record OpenErasure(Guid Id, ErasureRequest Request, DateTimeOffset At, ErasedCounts? Counts = null);

/// <summary>State of a person's erasures.</summary>
public sealed record ErasureState
{
    public int Schema { get; init; } = 1;

    public OpenErasure? Open { get; init; }

    public ErasureReceipt? Last { get; init; }
}
