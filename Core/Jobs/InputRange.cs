using System.Globalization;

namespace Platform.Core.Jobs;

/// <summary>Which part of an input one upload brings.</summary>
/// <param name="First">Offset of its first byte.</param>
/// <param name="Last">Offset of its last byte.</param>
/// <param name="Total">Bytes of the whole input; null while the sender does not know.</param>
public sealed record InputRange(long First, long Last, long? Total)
{
    public const string Rule = "Give Content-Range as 'bytes <first>-<last>/<total>', or '*' for a total that is not known yet.";

    public long Length => Last - First + 1;

    /// <summary>Whether the input ends with it.</summary>
    public bool IsLast => Total == Last + 1;

    /// <summary>Reads <c>Content-Range</c> (RFC 9110, 14.4); null when it says no range.</summary>
    public static InputRange? Parse(string text)
    {
        var parts = text.StartsWith("bytes ", StringComparison.Ordinal) ? text[6..].Split('/') : [];
        if (parts is not [var range, var total] || range.Split('-') is not [var first, var last]) return null;
        long? whole = null;
        if (total != "*")
        {
            if (Number(total) is not { } known) return null;
            whole = known;
        }

        return Number(first) is { } from && Number(last) is { } to && from <= to && (whole is null || to < whole) ? new(from, to, whole) : null;
    }

    private static long? Number(string digits) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
