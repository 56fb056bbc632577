using System.Globalization;
using System.Text.Json.Serialization;

namespace Platform.Core.Models;

/// <summary>How a figure is held against a number; travels as its sign.</summary>
public enum ComparisonOperator
{
    [JsonStringEnumMemberName(">")]
    Above,

    [JsonStringEnumMemberName(">=")]
    AtLeast,

    [JsonStringEnumMemberName("<")]
    Below,

    [JsonStringEnumMemberName("<=")]
    AtMost,

    [JsonStringEnumMemberName("=")]
    Equal,
}

public static class ComparisonOperators
{
    public static string Sign(this ComparisonOperator op) => op switch
    {
        ComparisonOperator.Above => ">",
        ComparisonOperator.AtLeast => ">=",
        ComparisonOperator.Below => "<",
        ComparisonOperator.AtMost => "<=",
        _ => "=",
    };

    public static bool Holds(this ComparisonOperator op, double left, double right) => op switch
    {
        ComparisonOperator.Above => left > right,
        ComparisonOperator.AtLeast => left >= right,
        ComparisonOperator.Below => left < right,
        ComparisonOperator.AtMost => left <= right,
        _ => left == right,
    };

    /// <summary>A number for a sentence: up to six decimals, no exponent.</summary>
    internal static string Text(this double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
