using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Platform.SharedState.Frames;

/// <summary>Asks workers over pooled connections. A request that is given up closes its connection, which tells the worker.</summary>
public sealed class FrameClient : IDisposable
{
    private static readonly TimeSpan LookAfter = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<EndPoint, FramePool> pools = new();
    private readonly byte[] key;
    private readonly FrameClientOptions options;
    private readonly TimeProvider clock;
    private readonly ITimer sweep;

    public FrameClient(string internalKey, FrameClientOptions options, TimeProvider clock)
    {
        (key, this.options, this.clock) = (Encoding.UTF8.GetBytes(internalKey), options, clock);
        sweep = clock.CreateTimer(_ => Sweep(), null, LookAfter, LookAfter);
    }

    /// <exception cref="FrameException">The worker could not be reached, or the connection broke.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async ValueTask<FrameResult> AskAsync(
        EndPoint worker, FrameRequest request, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var pool = pools.GetOrAdd(worker, static (_, self) => new FramePool(self.options.MaxConnectionsPerWorker, self.clock), this);
        var connection = pool.TryTake(out var idle) ? idle : null;
        var isUsable = false;
        FrameBrokenException? broken = null;
        try
        {
            if (connection is not null && connection.IsStale()) Drop(ref connection);
            if (connection is not null)
            {
                try
                {
                    var result = await connection.AskAsync(request, body, cancellation);
                    isUsable = true;
                    return result;
                }
                catch (FrameBrokenException e) when (!connection.HasHeard)
                {
                    // It may have been closed while it was idle, which says nothing of the worker, if that is still there.
                    broken = e;
                    Drop(ref connection);
                }
            }

            connection = await FrameConnection.OpenAsync(worker, key, options.ConnectLimit, cancellation);
            var answer = await connection.AskAsync(request, body, cancellation);
            isUsable = true;
            return answer;
        }
        catch (FrameException e) when (broken is not null && e is not FrameBrokenException)
        {
            throw broken;
        }
        finally
        {
            if (!isUsable) Drop(ref connection);
            pool.Return(connection);
        }
    }

    public void Dispose()
    {
        sweep.Dispose();
        foreach (var pool in pools.Values) pool.CloseAll();
    }

    private static void Drop(ref FrameConnection? connection)
    {
        connection?.Dispose();
        connection = null;
    }

    private void Sweep()
    {
        foreach (var (worker, pool) in pools)
        {
            pool.Close(options.IdleLimit);
            // Workers come back at other addresses, so restarts would add up here.
            if (pool.IsUnused && pools.TryRemove(KeyValuePair.Create(worker, pool))) pool.CloseAll();
        }
    }
}
