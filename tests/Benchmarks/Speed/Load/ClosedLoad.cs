using System.Diagnostics;
using System.Net;

namespace Platform.Benchmarks.Speed.Load;

/// <summary>So many connections; on each the next request goes out when the answer to the last one is there.</summary>
internal sealed class ClosedLoad : IDisposable
{
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private readonly List<float> latencies = new(64 * 1024);
    private readonly List<RawConnection> connections = [];
    private readonly byte[] request;
    private readonly long until;
    private int running;
    private int failed;

    private ClosedLoad(byte[] request, long until) => (this.request, this.until) = (request, until);

    public static async Task<LoadFigures> RunAsync(IPEndPoint server, byte[] request, int connections, TimeSpan duration, ServerCpu cpu)
    {
        // What the round before has left is not to be paid for by this one.
        var before = cpu.Total();
        var started = Stopwatch.GetTimestamp();
        using var load = new ClosedLoad(request, started + (long)(duration.TotalSeconds * Stopwatch.Frequency));
        load.Start(server, connections);
        await load.ended.Task;
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return new(seconds, LoadFigures.Sorted(load.latencies), load.failed, (cpu.Total() - before).TotalMicroseconds);
    }

    public void Dispose()
    {
        foreach (var connection in connections) connection.Dispose();
    }

    private void Start(IPEndPoint server, int count)
    {
        running = count;
        for (var i = 0; i < count; i++) connections.Add(new RawConnection(server, Answered));
        foreach (var connection in connections) connection.Send(request);
    }

    private void Answered(RawConnection connection, int status)
    {
        var now = Stopwatch.GetTimestamp();
        lock (gate)
        {
            if (status == 200) latencies.Add((float)Stopwatch.GetElapsedTime(connection.Sent, now).TotalMicroseconds);
            else failed++;
        }

        if (now < until && status != 0)
        {
            connection.Rewind();
            connection.Send(request);
        }
        else if (Interlocked.Decrement(ref running) == 0)
        {
            ended.SetResult();
        }
    }
}
