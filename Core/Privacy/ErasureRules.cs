using Platform.Core.Results;
using Platform.Core.Serving;

namespace Platform.Core.Privacy;

/// <summary>What a subject may look like, and the bounds of what is held of one.</summary>
public static class ErasureRules
{
    /// <summary>Names the person whom a call is about.</summary>
    public const string Header = "X-Subject";

    public const int MaxSubjectLength = 256;

    /// <summary>Records of one person that an erasure can find; earlier ones are only made unreadable.</summary>
    public const int MaxRecords = 100_000;

    /// <summary>The longest that any record of a person is kept: a prediction, or a unit after its experiment's longest time.</summary>
    public static readonly TimeSpan LongestRecord = TimeSpan.FromDays(180);

    /// <summary>By how much the clocks of two machines may differ: so much longer than the erasure nothing of the person is kept.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    /// <param name="field">Where it was given, such as <c>subject</c>.</param>
    public static Refusal? Refuse(string? subject, string field) =>
        subject is not { Length: > 0 and <= MaxSubjectLength } ? Refusal.Invalid(field, $"Give 1 to {MaxSubjectLength} characters that name the person to you.") : null;
}
