using System.Text.Json.Serialization;
using Platform.Core.Results;

namespace Platform.Core.Models.Retention;

/// <summary>
/// Which versions a model keeps: those that any of its rules keeps. Without a rule it keeps all.
/// </summary>
/// <param name="KeepLast">As many of the last registered ones.</param>
/// <param name="MaxAge">Those registered no longer ago.</param>
/// <param name="KeepTagged">Always true: a tagged version is never removed.</param>
public sealed record RetentionPolicy(int? KeepLast = null, TimeSpan? MaxAge = null, bool KeepTagged = true)
{
    public const int MaxKeepLast = 10_000;
    public static readonly TimeSpan MaxMaxAge = TimeSpan.FromDays(3_650);

    /// <summary>Whether it lets anything go at all.</summary>
    [JsonIgnore]
    public bool HasRule => KeepLast is not null || MaxAge is not null;

    public Refusal? Refuse()
    {
        if (KeepLast is < 1 or > MaxKeepLast) return Refusal.Invalid("keep_last", $"Give 1 to {MaxKeepLast} versions, or leave it out.");
        if (MaxAge is { } age && (age <= TimeSpan.Zero || age > MaxMaxAge))
            return Refusal.Invalid("max_age", $"Give more than 0 and at most {DurationConverter.Format(MaxMaxAge)}, or leave it out.");
        return KeepTagged
            ? null
            : Refusal.Invalid("keep_tagged", "Tagged versions are always kept. Remove the tag of a version that may go.");
    }
}
