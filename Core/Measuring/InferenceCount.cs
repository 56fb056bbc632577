namespace Platform.Core.Measuring;

/// <summary>One thing that happened: a request that ended, or a run of a model over a batch.</summary>
/// <param name="Key">Where it is counted.</param>
/// <param name="Outcome">Of a request; null for a run.</param>
public readonly record struct InferenceCount(MetricKey Key, InferenceOutcome? Outcome)
{
    /// <summary>From the request's arrival to its answer, in milliseconds.</summary>
    public double LatencyMs { get; init; }

    /// <summary>How long it waited on a worker, in milliseconds; null if it got to none.</summary>
    public double? QueueMs { get; init; }

    /// <summary>How long the model ran, in milliseconds.</summary>
    public double? ComputeMs { get; init; }

    /// <summary>Items in the batch in which a request ran, or that ran; null if none did.</summary>
    public int? BatchSize { get; init; }

    /// <summary>Whether the answer was remembered rather than computed.</summary>
    public bool IsCacheHit { get; init; }

    /// <summary>Bytes of the request's body.</summary>
    public long BytesIn { get; init; }

    /// <summary>Bytes of the answer's body.</summary>
    public long BytesOut { get; init; }
}
