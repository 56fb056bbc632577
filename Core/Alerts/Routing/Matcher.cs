using System.Runtime.CompilerServices;
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

    /// <summary>Made once for each text, since making one costs a thousand times what matching does; they go with their texts.</summary>
    private static readonly ConditionalWeakTable<string, Regex> Patterns = [];

    public bool Holds(IReadOnlyDictionary<string, string> labels)
    {
        var value = labels.GetValueOrDefault(Name) ?? "";
        return Op switch
        {
            MatchOperator.Equal => value == Value,
            MatchOperator.NotEqual => value != Value,
            MatchOperator.Matches => Pattern().IsMatch(value),
            _ => !Pattern().IsMatch(value),
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

    /// <summary>Without backtracking, as RE2 and so Alertmanager does: no pattern can take exponential time.</summary>
    private Regex Pattern() => Patterns.GetValue(Value, Parse);

    private static Regex Parse(string pattern)
    {
        try
        {
            return new($"^(?:{pattern})\\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (NotSupportedException e)
        {
            throw new ArgumentException(e.Message, e);
        }
    }
}
