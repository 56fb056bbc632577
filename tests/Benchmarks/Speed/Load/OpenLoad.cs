using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;

namespace Platform.Benchmarks.Speed.Load;

/// <summary>What came of a kind of request, with latencies in microseconds from when it was to be sent, ascending.</summary>
/// <param name="Late">How much later than that it was sent, ascending: what is in the latencies and is not the server's.</param>
/// <param name="Unsent">For want of a connection.</param>
internal sealed record OpenFigures(double Seconds, int Offered, float[] Accepted, float[] Refused, float[] Late, int Expired, int Broken, int Unsent);

/// <summary>Requests that come at random moments, whether or not earlier ones have been answered (a Poisson process).</summary>
internal sealed partial class OpenLoad : IDisposable
{
    private const int MaxConnections = 768;
    private const int TooManyRequests = 429;
    private readonly Lock gate = new();
    private readonly Stack<RawConnection> idle = new(MaxConnections);
    private readonly List<RawConnection> all = new(MaxConnections);
    private readonly Kind[] kinds;

    private OpenLoad(Kind[] kinds) => this.kinds = kinds;

    /// <param name="requests">What is sent, and which share of it; the shares make up one.</param>
    /// <param name="rate">Requests a second.</param>
    public static async Task<OpenFigures[]> RunAsync(IPEndPoint server, (byte[] Request, double Share)[] requests, double rate, TimeSpan duration)
    {
        using var load = new OpenLoad([.. requests.Select(request => new Kind(request.Request, request.Share))]);
        for (var i = 0; i < MaxConnections; i++) load.Open(server);
        // A thread of its own, since it sleeps between arrivals.
        var seconds = await Task.Factory.StartNew(() => load.Send(rate, duration), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await load.DrainAsync();
        lock (load.gate) return [.. load.kinds.Select(kind => kind.Figures(seconds))];
    }

    public void Dispose()
    {
        foreach (var connection in all) connection.Dispose();
    }

    private void Open(IPEndPoint server)
    {
        var connection = new RawConnection(server, Answered);
        lock (gate)
        {
            all.Add(connection);
            idle.Push(connection);
        }
    }

    private double Send(double rate, TimeSpan duration)
    {
        var random = new Random(1);
        var started = Stopwatch.GetTimestamp();
        for (var due = 0d; due < duration.TotalSeconds; due += -Math.Log(1 - random.NextDouble()) / rate)
        {
            var wait = due - Stopwatch.GetElapsedTime(started).TotalSeconds;
            if (wait > 0) SleepFor(wait);
            Send(Draw(random.NextDouble()), started + (long)(due * Stopwatch.Frequency));
        }

        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private void Send(Kind kind, long due)
    {
        RawConnection? connection;
        lock (gate)
        {
            kind.Offered++;
            if (!idle.TryPop(out connection))
            {
                kind.Unsent++;
                return;
            }
        }

        connection.State = new Asked(kind, due);
        kind.Late.Add((float)Math.Max(0, Stopwatch.GetElapsedTime(due).TotalMicroseconds));
        connection.Rewind();
        connection.Send(kind.Request);
    }

    private Kind Draw(double at)
    {
        foreach (var kind in kinds)
        {
            if ((at -= kind.Share) < 0) return kind;
        }

        return kinds[^1];
    }

    private void Answered(RawConnection connection, int status)
    {
        var asked = (Asked)connection.State!;
        var elapsed = (float)Stopwatch.GetElapsedTime(asked.Due).TotalMicroseconds;
        lock (gate)
        {
            var kind = asked.Kind;
            kind.Answered++;
            if (status == 200) kind.Accepted.Add(elapsed);
            else if (status == TooManyRequests) kind.Refused.Add(elapsed);
            else if (status == 0) kind.Broken++;
            else kind.Expired++;
            if (status != 0) idle.Push(connection);
        }
    }

    private async Task DrainAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (IsWaiting()) await timer.WaitForNextTickAsync(limit.Token);
    }

    private bool IsWaiting()
    {
        lock (gate) return Array.Exists(kinds, kind => kind.Answered + kind.Unsent < kind.Offered);
    }

    /// <summary>A timer of the runtime counts milliseconds, in which dozens arrive.</summary>
    private static void SleepFor(double seconds)
    {
        var time = new TimeSpec { Seconds = (long)seconds, Nanoseconds = (long)((seconds - Math.Floor(seconds)) * 1e9) };
        _ = Sleep(ref time, 0);
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int Sleep(ref TimeSpec time, nint rest);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    private sealed record Asked(Kind Kind, long Due);

    private sealed class Kind(byte[] request, double share)
    {
        public byte[] Request => request;

        public double Share => share;

        public int Offered { get; set; }

        public int Answered { get; set; }

        public int Unsent { get; set; }

        public int Expired { get; set; }

        public int Broken { get; set; }

        public List<float> Accepted { get; } = [];

        public List<float> Refused { get; } = [];

        public List<float> Late { get; } = [];

        public OpenFigures Figures(double seconds) =>
            new(seconds, Offered, LoadFigures.Sorted(Accepted), LoadFigures.Sorted(Refused), LoadFigures.Sorted(Late), Expired, Broken, Unsent);
    }
}
