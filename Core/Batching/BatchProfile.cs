using System.Collections.Immutable;
using Platform.Core.Serving;

namespace Platform.Core.Batching;

/// <summary>What a worker knows of a version's batches, for people.</summary>
/// <param name="Threads">Threads of one run; more than one where one run at a time takes all cores (<c>config.profile</c>).</param>
/// <param name="Batchable">Whether requests may share a run.</param>
/// <param name="Reason">Why, or why not.</param>
/// <param name="Detail">What the check found, where it found something.</param>
/// <param name="Curve">Time by batch size.</param>
/// <param name="Choice">The size that the curve speaks for.</param>
/// <param name="BatchSize">The size up to which requests are put together now.</param>
/// <param name="MaxBatchSize">No run has more items; null where requests run as they come.</param>
/// <param name="Override">What a person configured instead, if anything.</param>
public sealed record BatchProfile(
    string Model,
    string Version,
    string Device,
    int Threads,
    bool Batchable,
    BatchSafety Reason,
    string? Detail,
    ImmutableArray<CurvePoint> Curve,
    int Choice,
    int BatchSize,
    int? MaxBatchSize,
    BatchingConfig? Override);
