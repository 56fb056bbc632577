using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Core;

/// <summary>Durations travel as a number and a unit: "250ms", "30s", "5m", "12h", "30d".</summary>
public sealed class DurationConverter : JsonConverter<TimeSpan>
{
    private static readonly (string Suffix, long Ticks)[] Units =
    [
        ("ms", TimeSpan.TicksPerMillisecond), ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour), ("d", TimeSpan.TicksPerDay),
    ];

    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && TryParse(reader.GetString()!, out var duration)
            ? duration
            : throw new JsonException("Give a duration as a number and a unit: \"250ms\", \"30s\", \"5m\", \"12h\" or \"30d\".");

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Format(value));

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        // "ms" ends in "s" as well, so the longest suffix is tried first.
        foreach (var (suffix, ticks) in Units)
        {
            if (!text.EndsWith(suffix, StringComparison.Ordinal)) continue;
            var digits = text.AsSpan(0, text.Length - suffix.Length);
            // Decimal, because doubles drop the last ticks of a long duration and read "NaN" as a number.
            if (!decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) continue;
            if (number > (decimal)TimeSpan.MaxValue.Ticks / ticks) return false;
            duration = TimeSpan.FromTicks((long)Math.Round(number * ticks));
            return true;
        }

        return false;
    }

    /// <summary>The largest unit that keeps the value whole, so that "90s" stays "90s" and "60s" becomes "1m".</summary>
    public static string Format(TimeSpan value)
    {
        if (value == TimeSpan.Zero) return "0s";
        foreach (var (suffix, ticks) in Units.Reverse())
        {
            if (value.Ticks % ticks == 0) return (value.Ticks / ticks).ToString(CultureInfo.InvariantCulture) + suffix;
        }

        return ((decimal)value.Ticks / TimeSpan.TicksPerMillisecond).ToString(CultureInfo.InvariantCulture) + "ms";
    }
}
