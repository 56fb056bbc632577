using System.Text;
using Platform.Core.Measuring;
using Platform.Core.Sketches;

namespace Platform.SharedState.Metrics;

/// <summary>
/// A slot that is over, in a tenth of the room of its fields: numbers with 7 bits a byte, the keys of buckets as distances.
/// </summary>
internal static class PackedSlot
{
    private const byte Format = 1;
    private const int MaxNumberBytes = 10;
    private const int MaxBinsAtOnce = 256;

    public static byte[] Write(Dictionary<(MetricSource Source, string Route), MetricCounts> series)
    {
        var bytes = new List<byte> { Format };
        WriteNumber(bytes, series.Count);
        foreach (var ((source, route), counts) in series)
        {
            bytes.Add((byte)source);
            var name = Encoding.UTF8.GetBytes(route);
            WriteNumber(bytes, name.Length);
            bytes.AddRange(name);
            Write(bytes, counts);
        }

        return [.. bytes];
    }

    /// <summary>Adds what is packed to what is there.</summary>
    /// <exception cref="InvalidDataException">A newer version of the platform wrote it, or it is no packed slot.</exception>
    public static void Read(ReadOnlySpan<byte> packed, Dictionary<(MetricSource, string), MetricCounts> series)
    {
        try
        {
            var reader = new NumberReader(packed);
            if (reader.Byte() != Format) throw new InvalidDataException("A packed slot of metrics has a format that is not known here.");
            for (var left = reader.Number(); left > 0; left--)
            {
                var key = ((MetricSource)reader.Byte(), Encoding.UTF8.GetString(reader.Bytes((int)reader.Number())));
                if (!series.TryGetValue(key, out var counts)) series[key] = counts = new MetricCounts();
                Read(ref reader, counts);
            }
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            throw new InvalidDataException("A packed slot of metrics breaks off.", e);
        }
    }

    private static void Write(List<byte> bytes, MetricCounts counts)
    {
        WriteNumber(bytes, InferenceOutcomes.Count);
        foreach (var outcome in Enum.GetValues<InferenceOutcome>()) WriteNumber(bytes, counts.Of(outcome));
        WriteNumber(bytes, counts.CacheHits);
        WriteNumber(bytes, counts.BytesIn);
        WriteNumber(bytes, counts.BytesOut);
        foreach (var sketch in SketchesOf(counts)) Write(bytes, sketch);
    }

    private static void Read(ref NumberReader reader, MetricCounts counts)
    {
        var outcomes = (int)reader.Number();
        for (var i = 0; i < outcomes; i++) counts.Add((InferenceOutcome)i, reader.Number());
        counts.CacheHits += reader.Number();
        counts.BytesIn += reader.Number();
        counts.BytesOut += reader.Number();
        foreach (var sketch in SketchesOf(counts)) Read(ref reader, sketch);
    }

    private static DDSketch[] SketchesOf(MetricCounts counts) => [counts.LatencyMs, counts.QueueMs, counts.ComputeMs, counts.BatchSize];

    private static void Write(List<byte> bytes, DDSketch sketch)
    {
        WriteNumber(bytes, sketch.Zeros);
        var bins = sketch.Bins().ToLookup(bin => bin.Sign);
        foreach (var sign in (int[])[-1, 1])
        {
            WriteNumber(bytes, bins[sign].Count());
            var last = 0;
            foreach (var bin in bins[sign].OrderBy(bin => bin.Key))
            {
                var distance = (long)bin.Key - last;
                WriteNumber(bytes, (distance << 1) ^ (distance >> 63));
                WriteNumber(bytes, bin.Count);
                last = bin.Key;
            }
        }
    }

    private static void Read(ref NumberReader reader, DDSketch sketch)
    {
        sketch.AddBin(0, 0, reader.Number());
        Span<int> keys = stackalloc int[MaxBinsAtOnce];
        Span<long> counts = stackalloc long[MaxBinsAtOnce];
        foreach (var sign in (ReadOnlySpan<int>)[-1, 1])
        {
            var (key, left) = (0L, reader.Number());
            while (left > 0)
            {
                // All of a sketch at once unless it is one of very many buckets.
                var some = (int)Math.Min(left, MaxBinsAtOnce);
                for (var i = 0; i < some; i++)
                {
                    var distance = reader.Number();
                    key += (distance >> 1) ^ -(distance & 1);
                    keys[i] = (int)key;
                    counts[i] = reader.Number();
                }

                sketch.AddBins(sign, keys[..some], counts[..some]);
                left -= some;
            }
        }
    }

    private static void WriteNumber(List<byte> bytes, long number)
    {
        var rest = (ulong)number;
        for (; rest >= 0x80; rest >>= 7) bytes.Add((byte)(rest | 0x80));
        bytes.Add((byte)rest);
    }

    private ref struct NumberReader(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> bytes = bytes;
        private int at;

        public byte Byte() => bytes[at++];

        public ReadOnlySpan<byte> Bytes(int count) => bytes[at..(at += count)];

        public long Number()
        {
            var number = 0UL;
            for (var i = 0; i < MaxNumberBytes; i++)
            {
                var next = bytes[at++];
                number |= (ulong)(next & 0x7f) << (7 * i);
                if (next < 0x80) break;
            }

            return (long)number;
        }
    }
}
