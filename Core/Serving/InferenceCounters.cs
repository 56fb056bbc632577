using System.Collections.Immutable;

namespace Platform.Core.Serving;

/// <summary>How often something happened and how long it took in all.</summary>
public readonly record struct CountedTime(long Count, long Nanoseconds)
{
    public static CountedTime operator +(CountedTime a, CountedTime b) => new(a.Count + b.Count, a.Nanoseconds + b.Nanoseconds);
}

/// <summary>What V2's statistics count, by their names there.</summary>
public enum CountedStep
{
    /// <summary>Requests that were answered, from arrival to answer.</summary>
    Success,

    /// <summary>Requests that reached the model's queue and were not answered.</summary>
    Fail,

    /// <summary>Waiting for an executor.</summary>
    Queue,

    /// <summary>Making tensors of the request.</summary>
    ComputeInput,

    /// <summary>In the model.</summary>
    ComputeInfer,

    /// <summary>Making the answer of tensors.</summary>
    ComputeOutput,
    CacheHit,
    CacheMiss,
}

/// <summary>Counts of one version; they only grow.</summary>
/// <param name="Inferences">Items answered; a batch of four counts four.</param>
/// <param name="Executions">Runs of the model.</param>
/// <param name="Batches">Runs by their size; the steps of a size are those of requests that ran in it.</param>
public sealed record InferenceCounters(
    DateTimeOffset? LastInference, long Inferences, long Executions, ImmutableDictionary<CountedStep, CountedTime> Steps,
    ImmutableSortedDictionary<int, ImmutableDictionary<CountedStep, CountedTime>> Batches)
{
    public static readonly InferenceCounters None = new(
        null, 0, 0, ImmutableDictionary<CountedStep, CountedTime>.Empty,
        ImmutableSortedDictionary<int, ImmutableDictionary<CountedStep, CountedTime>>.Empty);
}
