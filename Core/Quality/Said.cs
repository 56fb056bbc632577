using System.Globalization;

namespace Platform.Core.Quality;

/// <summary>
/// The last thing said of one item: a number, and when it became known. Whatever the order of arrival, the same one
/// remains.
/// </summary>
/// <param name="AtTicks">Of 100 ns since year 1, UTC.</param>
public readonly record struct Said(long AtTicks, double Number)
{
    /// <summary>Whether this replaces what was said before: it is later or, of the same moment, the larger number.</summary>
    public bool Replaces(Said before) => AtTicks > before.AtTicks || (AtTicks == before.AtTicks && Number > before.Number);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{AtTicks}|{Number:R}");

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static Said Parse(string text)
    {
        var bar = text.IndexOf('|', StringComparison.Ordinal);
        return new(long.Parse(text.AsSpan(0, bar), CultureInfo.InvariantCulture), double.Parse(text.AsSpan(bar + 1), CultureInfo.InvariantCulture));
    }
}
