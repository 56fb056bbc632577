using System.Globalization;
using Platform.Core.Measuring;
using Platform.Core.Sketches;
using StackExchange.Redis;

namespace Platform.SharedState.Metrics;

/// <summary>The fields of a slot's hash: "source|route|what" or "source|route|sketch|bucket", each a count.</summary>
internal static class MetricFields
{
    /// <summary>Not a count: which flush last added to the slot, so that whoever packs it notices another.</summary>
    public const string Stamp = "_stamp";

    private const string CacheHits = "hits";
    private const string BytesIn = "in";
    private const string BytesOut = "out";
    private const char Separator = '|';

    private static readonly (string Name, Func<MetricCounts, DDSketch> Of)[] Sketches =
    [
        ("latency", counts => counts.LatencyMs), ("queue", counts => counts.QueueMs),
        ("compute", counts => counts.ComputeMs), ("batch", counts => counts.BatchSize),
    ];

    private static readonly (string Name, InferenceOutcome Outcome)[] Outcomes =
        [.. Enum.GetValues<InferenceOutcome>().Select(outcome => ("o." + outcome.ToString().ToLowerInvariant(), outcome))];

    /// <summary>All that is not zero.</summary>
    public static IEnumerable<(string Field, long Count)> Of(MetricKey key, MetricCounts counts)
    {
        var prefix = $"{(key.Source is MetricSource.Api ? 'a' : 'w')}|{key.Route}|";
        foreach (var (name, outcome) in Outcomes)
        {
            if (counts.Of(outcome) is not 0 and var count) yield return (prefix + name, count);
        }

        if (counts.CacheHits != 0) yield return (prefix + CacheHits, counts.CacheHits);
        if (counts.BytesIn != 0) yield return (prefix + BytesIn, counts.BytesIn);
        if (counts.BytesOut != 0) yield return (prefix + BytesOut, counts.BytesOut);
        foreach (var (name, sketch) in Sketches)
        {
            foreach (var bin in sketch(counts).Bins()) yield return ($"{prefix}{name}|{BucketOf(bin)}", bin.Count);
        }
    }

    /// <summary>Reads a slot's hash back, adding to what is there. Fields of a newer writer that nobody here knows are left out.</summary>
    public static void Read(HashEntry[] entries, Dictionary<(MetricSource, string), MetricCounts> series)
    {
        foreach (var entry in entries)
        {
            var parts = ((string)entry.Name!).Split(Separator);
            if (parts.Length is not (3 or 4)) continue;
            var key = (parts[0] == "a" ? MetricSource.Api : MetricSource.Worker, parts[1]);
            if (!series.TryGetValue(key, out var counts)) series[key] = counts = new MetricCounts();
            if (parts.Length == 3) Add(counts, parts[2], (long)entry.Value);
            else AddBin(counts, parts[2], parts[3], (long)entry.Value);
        }
    }

    private static void Add(MetricCounts counts, string name, long count)
    {
        if (name == CacheHits) counts.CacheHits += count;
        else if (name == BytesIn) counts.BytesIn += count;
        else if (name == BytesOut) counts.BytesOut += count;
        else if (Array.Find(Outcomes, outcome => outcome.Name == name) is { Name: not null } found) counts.Add(found.Outcome, count);
    }

    private static void AddBin(MetricCounts counts, string sketch, string bucket, long count)
    {
        if (Array.Find(Sketches, known => known.Name == sketch) is not { Name: not null } found) return;
        if (bucket == "0") found.Of(counts).AddBin(0, 0, count);
        else found.Of(counts).AddBin(bucket[0] == 'n' ? -1 : 1, int.Parse(bucket.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture), count);
    }

    private static string BucketOf(SketchBin bin) =>
        bin.Sign == 0 ? "0" : (bin.Sign < 0 ? "n" : "p") + bin.Key.ToString(CultureInfo.InvariantCulture);
}
