using System.Collections.Immutable;
using Platform.Core.Measuring;
using StackExchange.Redis;

namespace Platform.SharedState.Metrics;

/// <summary>Adds slots up, by version and by step of a window.</summary>
internal sealed class SeriesTable(string model, MetricWindow window)
{
    private readonly Dictionary<string, Dictionary<(MetricSource Source, string Route), MetricCounts>?[]> versions = [];

    /// <summary>Adds a hash of fields that began so many seconds after 1970.</summary>
    public void Add(string version, long second, HashEntry[] entries)
    {
        if (entries.Length > 0 && CellOf(version, second) is { } cell) FlushedFields.Read(entries, cell);
    }

    /// <summary>Adds a packed slot; nothing where there is none.</summary>
    public void Add(string version, long second, RedisValue packed)
    {
        if (!packed.IsNull && CellOf(version, second) is { } cell) PackedSlot.Read(((ReadOnlyMemory<byte>)packed).Span, cell);
    }

    public MetricReading ToReading() => new(window, [.. versions.OrderBy(version => version.Key, StringComparer.Ordinal).SelectMany(SeriesOf)]);

    private Dictionary<(MetricSource, string), MetricCounts>? CellOf(string version, long second)
    {
        var step = window.StepOf(second);
        if (step < 0 || step >= window.Steps) return null;
        if (!versions.TryGetValue(version, out var steps))
            versions[version] = steps = new Dictionary<(MetricSource, string), MetricCounts>?[window.Steps];
        return steps[step] ??= [];
    }

    private IEnumerable<MetricSeries> SeriesOf(KeyValuePair<string, Dictionary<(MetricSource Source, string Route), MetricCounts>?[]> version) =>
        version.Value.SelectMany(cell => cell?.Keys.AsEnumerable() ?? []).Distinct()
            .OrderBy(key => key.Source).ThenBy(key => key.Route, StringComparer.Ordinal)
            .Select(key => new MetricSeries(
                new MetricKey(model, version.Key, key.Source, key.Route),
                [.. version.Value.Select(cell => cell?.GetValueOrDefault(key)).ToImmutableArray()]));
}
