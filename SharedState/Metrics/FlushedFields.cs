using System.Globalization;
using Platform.Core.Measuring;
using StackExchange.Redis;

namespace Platform.SharedState.Metrics;

/// <summary>The fields of a slot that is not packed yet: one for each flush that added to it, with its increments in the packed form.</summary>
internal static class FlushedFields
{
    /// <summary>No increments, but the name of the latest: whoever packs the slot sees by it whether another came.</summary>
    public const string Stamp = "_stamp";

    private const char Separator = '#';

    /// <summary>No two flushes have the same, nor have two seconds in one.</summary>
    public static string NameOf(string process, long flush, long second) => string.Create(CultureInfo.InvariantCulture, $"{process}{Separator}{flush}{Separator}{second}");

    /// <summary>Adds a slot's hash to what is there. Fields of a writer that nobody here knows are left out.</summary>
    /// <exception cref="InvalidDataException">One is no packed slot.</exception>
    public static void Read(HashEntry[] entries, Dictionary<(MetricSource, string), MetricCounts> series)
    {
        foreach (var entry in entries)
        {
            if (((string)entry.Name!).Contains(Separator, StringComparison.Ordinal)) PackedSlot.Read(((ReadOnlyMemory<byte>)entry.Value).Span, series);
        }
    }
}
