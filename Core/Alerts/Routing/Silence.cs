using System.Collections.Immutable;
using Platform.Core.Results;

namespace Platform.Core.Alerts.Routing;

public enum SilenceState
{
    Pending,
    Active,
    Expired,
}

/// <summary>Keeps alerts that match all its conditions from being notified between two moments.</summary>
public sealed record Silence(
    string Id, ImmutableArray<Matcher> Matchers, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Comment, string CreatedBy, DateTimeOffset CreatedAt)
{
    public const int MaxMatchers = 32;
    public const int MaxCommentLength = 1024;
    public static readonly TimeSpan LengthMax = TimeSpan.FromDays(366);

    /// <summary>How long one that is over can still be read.</summary>
    public static readonly TimeSpan ExpiredRetention = TimeSpan.FromDays(5);

    public SilenceState State(DateTimeOffset now) =>
        now < StartsAt ? SilenceState.Pending : now < EndsAt ? SilenceState.Active : SilenceState.Expired;

    public bool Mutes(IReadOnlyDictionary<string, string> labels, DateTimeOffset now) =>
        State(now) is SilenceState.Active && Matchers.All(matcher => matcher.Holds(labels));

    /// <summary>
    /// Whether it can become the other and keep its id: what was silenced when stays true, so only its end, or the start of
    /// one that has not begun, can move. Whatever else changes is another silence.
    /// </summary>
    public bool CanBecome(Silence next, DateTimeOffset now) => Matchers.SequenceEqual(next.Matchers) && State(now) switch
    {
        SilenceState.Active => next.StartsAt == StartsAt,
        SilenceState.Pending => next.StartsAt >= now,
        _ => false,
    };

    public Refusal? Refuse(DateTimeOffset now)
    {
        if (Matchers.IsDefaultOrEmpty || Matchers.Length > MaxMatchers) return Refusal.Invalid("matchers", $"Give 1 to {MaxMatchers} matchers.");
        for (var i = 0; i < Matchers.Length; i++)
        {
            if (Matchers[i] is not { } matcher) return Refusal.Invalid($"matchers[{i}]", "Give {\"name\",\"op\",\"value\"}.");
            if (matcher.Refuse($"matchers[{i}]") is { } refusal) return refusal;
        }

        // One that matches an alert without any labels matches every alert, which nobody means.
        if (Matchers.All(matcher => matcher.Holds(ImmutableDictionary<string, string>.Empty)))
            return Refusal.Invalid("matchers", "These match everything; at least one has to ask for a label that is not empty.");
        if (EndsAt <= StartsAt) return Refusal.Invalid("ends_at", "It has to end after it starts.");
        if (EndsAt <= now) return Refusal.Invalid("ends_at", "It would be over already; give a time to come.");
        if (EndsAt - StartsAt > LengthMax) return Refusal.Invalid("ends_at", $"A silence lasts at most {LengthMax.Days} days.");
        return Comment.Length > MaxCommentLength ? Refusal.Invalid("comment", $"Give at most {MaxCommentLength} characters.") : null;
    }
}
