using System.Diagnostics.Metrics;

namespace Platform.ServiceDefaults;

/// <summary>Borders of histograms where they are fixed, as in Prometheus' text.</summary>
public static class Buckets
{
    /// <summary>Seconds, from a tiny model's run to the longest deadline.</summary>
    public static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    /// <summary>Items in a batch.</summary>
    public static readonly InstrumentAdvice<int> Items = new() { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256] };
}
