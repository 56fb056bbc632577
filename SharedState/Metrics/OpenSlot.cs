using System.Globalization;
using StackExchange.Redis;

namespace Platform.SharedState.Metrics;

/// <summary>A minute or an hour of a version, as the sets name those that are not done yet: "number@version".</summary>
internal readonly record struct OpenSlot(long Number, string Version)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}@{Version}");

    public static OpenSlot Parse(RedisValue member)
    {
        var text = (string)member!;
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return new(long.Parse(text.AsSpan(0, at), CultureInfo.InvariantCulture), text[(at + 1)..]);
    }
}
