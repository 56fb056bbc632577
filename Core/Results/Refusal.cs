namespace Platform.Core.Results;

/// <summary>Why a command was not carried out. Each reason is one HTTP status at the front door.</summary>
public enum RefusalReason
{
    /// <summary>400: a field is not valid.</summary>
    Invalid,

    /// <summary>404: no such thing.</summary>
    NotFound,

    /// <summary>409: not in its present state.</summary>
    Conflict,

    /// <summary>412: it changed since the caller read it.</summary>
    PreconditionFailed,

    /// <summary>413: larger than a limit allows.</summary>
    TooLarge,

    /// <summary>422: understood, but a check refused it.</summary>
    CheckFailed,

    /// <summary>429: a limit is reached.</summary>
    LimitReached,

    /// <summary>503: nothing can do it just now.</summary>
    Unavailable,
}

/// <summary>An expected "no": the reason, a sentence for the caller and, for bad fields, a message for each.</summary>
/// <param name="Reason">What kind of refusal it is.</param>
/// <param name="Detail">What is wrong and what to do about it.</param>
/// <param name="Field">The field at fault, in snake_case, where there is one.</param>
public sealed record Refusal(RefusalReason Reason, string Detail, string? Field = null)
{
    public static Refusal Invalid(string field, string detail) => new(RefusalReason.Invalid, detail, field);

    public static Refusal NotFound(string detail) => new(RefusalReason.NotFound, detail);

    public static Refusal Conflict(string detail) => new(RefusalReason.Conflict, detail);

    public static Refusal CheckFailed(string detail) => new(RefusalReason.CheckFailed, detail);
}
