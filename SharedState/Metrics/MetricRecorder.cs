using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Microsoft.Extensions.Options;
using Platform.Core.Measuring;

namespace Platform.SharedState.Metrics;

/// <summary>
/// Where a process counts. A request leaves a note in a queue of the processor it runs on, which takes no lock and does
/// no arithmetic; all that is done once a second by <see cref="MetricFlusher"/>.
/// </summary>
public sealed class MetricRecorder
{
    private const int MaxStripes = 16;
    private readonly Stripe[] stripes;
    private readonly TimeProvider clock;
    private readonly int maxQueued;
    private long lost;

    public MetricRecorder(IOptions<MetricOptions> options, TimeProvider clock)
    {
        this.clock = clock;
        var count = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, MaxStripes));
        stripes = [.. Enumerable.Range(0, count).Select(_ => new Stripe())];
        maxQueued = options.Value.MaxQueued / count;
        IsEnabled = options.Value.Enabled;
    }

    public bool IsEnabled { get; }

    /// <summary>How many counts could not be kept, since the start.</summary>
    public long Lost => Interlocked.Read(ref lost);

    /// <summary>Counts it in the present second.</summary>
    public void Count(in InferenceCount count)
    {
        if (!IsEnabled) return;
        var stripe = stripes[Thread.GetCurrentProcessorId() & (stripes.Length - 1)];
        if (stripe.TryEnter(maxQueued)) stripe.Queue.Enqueue((clock.GetUtcNow().ToUnixTimeSeconds(), count));
        else AddLost(1);
    }

    internal void AddLost(long count) => Interlocked.Add(ref lost, count);

    /// <summary>Takes one note; for one caller at a time.</summary>
    internal bool TryTake([NotNullWhen(true)] out (long Second, InferenceCount Count)? taken)
    {
        foreach (var stripe in stripes)
        {
            if (!stripe.Queue.TryDequeue(out var note)) continue;
            stripe.Leave();
            taken = note;
            return true;
        }

        taken = null;
        return false;
    }

    /// <summary>On cache lines of its own, since two processors would otherwise wait for each other.</summary>
    private sealed class Stripe
    {
        private readonly int[] waiting = new int[64];

        public ConcurrentQueue<(long Second, InferenceCount Count)> Queue { get; } = new();

        public bool TryEnter(int limit)
        {
            if (Interlocked.Increment(ref waiting[32]) <= limit) return true;
            Leave();
            return false;
        }

        public void Leave() => Interlocked.Decrement(ref waiting[32]);
    }
}
