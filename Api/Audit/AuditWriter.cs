using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Contracts.Audit;
using Platform.Core.Audit;

namespace Platform.Api.Audit;

/// <summary>
/// Takes entries to the log's grain, those that come together in one call, and repeats a call that failed: the grain
/// knows an entry by its id, so a repetition writes nothing twice.
/// </summary>
internal sealed class AuditWriter(IClusterClient cluster, IOptions<TrailOptions> options, TimeProvider clock)
{
    private const int MaxTogether = 128;
    // While one call is written the next are on their way: the log writes what waits there in one go, so what waits there
    // waits shorter than here, where it would wait for a whole call to come back first.
    private const int MaxCalls = 8;
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);
    private readonly Lock turn = new();
    private readonly Queue<Waiting> queue = new();
    private int calls;
    private long size;

    /// <summary>Entries that the log has at least, as far as this Api was told.</summary>
    public long KnownSize
    {
        get
        {
            lock (turn) return size;
        }
    }

    /// <summary>Ends when the entry is in the log for good.</summary>
    /// <exception cref="ControlPlaneUnavailableException">It is not known to be there.</exception>
    public async Task WriteAsync(AuditEntry entry)
    {
        var waiting = new Waiting(entry, clock.GetTimestamp(), new(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (turn)
        {
            if (queue.Count >= options.Value.MaxWaiting) throw new ControlPlaneUnavailableException($"{queue.Count} entries wait to be written.");
            queue.Enqueue(waiting);
            if (calls < MaxCalls)
            {
                calls++;
                _ = Task.Run(SendAllAsync);
            }
        }

        try
        {
            await waiting.Written.Task.WaitAsync(options.Value.WriteLimit, clock);
        }
        catch (TimeoutException)
        {
            throw new ControlPlaneUnavailableException("The audit log did not take an entry in time.");
        }
    }

    private async Task SendAllAsync()
    {
        while (Take() is { Count: > 0 } batch)
        {
            try
            {
                await SendAsync(batch);
                foreach (var waiting in batch) waiting.Written.SetResult();
            }
            catch (Exception e)
            {
                foreach (var waiting in batch) waiting.Written.SetException(new ControlPlaneUnavailableException(e.Message));
            }
        }
    }

    private List<Waiting> Take()
    {
        lock (turn)
        {
            var batch = new List<Waiting>();
            while (batch.Count < MaxTogether && queue.TryDequeue(out var waiting)) batch.Add(waiting);
            if (batch.Count == 0) calls--;
            return batch;
        }
    }

    private async Task SendAsync(List<Waiting> batch)
    {
        var entries = batch.Select(waiting => waiting.Entry).ToImmutableArray();
        while (true)
        {
            try
            {
                var receipt = await cluster.GetGrain<IAuditGrain>(IAuditGrain.Key).AppendAsync(entries);
                lock (turn) size = Math.Max(receipt.Size, size);
                return;
            }
            catch (Exception e) when (IsPassing(e) && clock.GetElapsedTime(batch[0].Since) + RetryPause < options.Value.WriteLimit)
            {
                await Task.Delay(RetryPause, clock);
            }
        }
    }

    private static bool IsPassing(Exception exception) =>
        exception is ControlPlaneUnavailableException or Orleans.Runtime.OrleansException or TimeoutException;

    private sealed record Waiting(AuditEntry Entry, long Since, TaskCompletionSource Written);
}
