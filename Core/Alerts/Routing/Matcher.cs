using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Platform.Core.Results;

namespace Platform.Core.Alerts.Routing;

/// <summary>How a label is held against a text; travels as its sign.</summary>
public enum MatchOperator
{
    [JsonStringEnumMemberName("=")]
    Equal,

    [JsonStringEnumMemberName("!=")]
    NotEqual,

    [JsonStringEnumMemberName("=~")]
    Matches,

    [JsonStringEnumMemberName("!~")]
    NotMatches,
}

/// <summary>One condition on one label. A label that is missing counts as empty; a pattern has to match the whole value.</summary>
public sealed record Matcher(string Name, MatchOperator Op, string Value)
{
    public const int MaxValueLength = 1024;

    /// <summary>A pattern that takes longer matches nothing, and does not unmatch either.</summary>
    private static readonly TimeSpan PatternLimit = TimeSpan.FromMilliseconds(50);

    public bool Holds(IReadOnlyDictionary<string, string> labels)
    {
        var value = labels.GetValueOrDefault(Name) ?? "";
        return Op switch
        {
            MatchOperator.Equal => value == Value,
            MatchOperator.NotEqual => value != Value,
            MatchOperator.Matches => IsMatch(value) is true,
            _ => IsMatch(value) is false,
        };
    }

    /// <param name="field">Under which the caller knows it.</param>
    public Refusal? Refuse(string field)
    {
        if (Name is not { Length: > 0 and <= 256 }) return Refusal.Invalid($"{field}.name", "Name the label, in at most 256 characters.");
        if (Value is null || Value.Length > MaxValueLength) return Refusal.Invalid($"{field}.value", $"Give a text of at most {MaxValueLength} characters; empty for a label that is missing.");
        if (Op is MatchOperator.Equal or MatchOperator.NotEqual) return null;
        try
        {
            Pattern();
            return null;
        }
        catch (ArgumentException e)
        {
            return Refusal.Invalid($"{field}.value", $"This is no regular expression that can be matched in linear time: {e.Message}");
        }
    }

    private bool? IsMatch(string value)
    {
        try
        {
            return Pattern().IsMatch(value);
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    /// <summary>Without backtracking, as RE2 and so Alertmanager does: no pattern can take exponential time.</summary>
    private Regex Pattern()
    {
        try
        {
            return new($"^(?:{Value})\\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, PatternLimit);
        }
        catch (NotSupportedException e)
        {
            throw new ArgumentException(e.Message, e);
        }
    }
}
