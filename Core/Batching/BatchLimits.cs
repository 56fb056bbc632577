namespace Platform.Core.Batching;

/// <summary>How batches of a version are formed.</summary>
/// <param name="MaxSize">No run has more items; a larger request is split.</param>
/// <param name="Target">Requests are put together up to this many items; 1 puts none together.</param>
/// <param name="MaxDelay">How long the oldest may be held back for more to come; zero takes what there is.</param>
/// <param name="Preferred">Sizes that are sent at once while the delay runs, ascending; empty means the target only.</param>
public readonly record struct BatchLimits(int MaxSize, int Target, TimeSpan MaxDelay, ReadOnlyMemory<int> Preferred)
{
    /// <summary>For versions that cannot be batched: every request runs as it came.</summary>
    public static BatchLimits Unbatched { get; } = new(int.MaxValue, 1, TimeSpan.Zero, default);

    public bool Prefers(int size) => Preferred.Span.Contains(size);
}
