using System.Diagnostics;
using System.Globalization;

namespace Platform.Benchmarks.Transport;

/// <summary>
/// What the hop between Api and worker costs, by transport. Both ends are in this process, so the processor time is that
/// of both together. The transports take turns; medians of the rounds are compared.
/// </summary>
internal static class TransportBenchmark
{
    private const int Rounds = 5;
    private static readonly int[] BodyBytes = [3 * 1024, 110 * 1024];
    private static readonly int[] Callers = [1, 8, 32];
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(700);

    public static async Task<int> RunAsync()
    {
        await using var peers = await TransportPeers.StartAsync();
        Console.WriteLine("| body | callers | transport | req/s | ÷ HTTP/1.1 | p50, µs | p99, µs | CPU, µs a request |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var bytes in BodyBytes)
        {
            foreach (var callers in Callers) await CompareAsync(peers.All, new byte[bytes], callers);
        }

        return 0;
    }

    private static async Task CompareAsync(List<TransportPeer> peers, byte[] body, int callers)
    {
        var rounds = peers.ToDictionary(peer => peer.Name, _ => new List<Round>());
        foreach (var peer in peers) await MeasureAsync(peer, body, callers);
        for (var round = 0; round < Rounds; round++)
        {
            // Whoever goes first in a round goes last in the next.
            foreach (var peer in round % 2 == 0 ? peers : Enumerable.Reverse(peers)) rounds[peer.Name].Add(await MeasureAsync(peer, body, callers));
        }

        var first = rounds[peers[0].Name];
        foreach (var peer in peers)
        {
            var own = rounds[peer.Name];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {body.Length / 1024} KB | {callers} | {peer.Name} | {Median(own.Select(r => r.Throughput)):0} | {Median(own.Zip(first, (a, b) => a.Throughput / b.Throughput)):0.00} | {Median(own.Select(r => r.P50)):0} | {Median(own.Select(r => r.P99)):0} | {Median(own.Select(r => r.Cpu)):0.0} |"));
        }
    }

    private static async Task<Round> MeasureAsync(TransportPeer peer, byte[] body, int callers)
    {
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var started = Stopwatch.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(() => LoopAsync(peer, body, started))));
        var elapsed = Stopwatch.GetElapsedTime(started);
        process.Refresh();
        var latencies = all.SelectMany(one => one).Order().ToArray();
        return new(
            latencies.Length / elapsed.TotalSeconds, latencies[latencies.Length / 2], latencies[(int)(latencies.Length * 0.99)],
            (process.TotalProcessorTime - cpu).TotalMicroseconds / latencies.Length);
    }

    private static async Task<List<double>> LoopAsync(TransportPeer peer, byte[] body, long started)
    {
        var latencies = new List<double>();
        while (Stopwatch.GetElapsedTime(started) < Duration)
        {
            var sent = Stopwatch.GetTimestamp();
            await peer.AskAsync(body);
            latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMicroseconds);
        }

        return latencies;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    private sealed record Round(double Throughput, double P50, double P99, double Cpu);
}
