using System.Globalization;
using Platform.Core.Results;

namespace Platform.Api.Alerts;

/// <summary>Moments in a query string.</summary>
internal static class Times
{
    public static bool TryRead(string field, string? text, DateTimeOffset absent, out DateTimeOffset moment, out Refusal? refusal)
    {
        (moment, refusal) = (absent, null);
        if (text is null) return true;
        // An unescaped "+" of an offset arrives as a space.
        if (DateTimeOffset.TryParse(text.Replace(' ', '+'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out moment)) return true;
        refusal = Refusal.Invalid(field, "Give a time as RFC 3339, such as 2026-01-31T08:00:00Z.");
        return false;
    }
}
