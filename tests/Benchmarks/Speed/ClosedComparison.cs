using Platform.Benchmarks.Speed.Peers;

namespace Platform.Benchmarks.Speed;

/// <summary>Every peer with every model, as JSON and binary, over some numbers of connections; the peers take turns.</summary>
internal static class ClosedComparison
{
    private static readonly int[] Connections = [1, 8, 32, 64];
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(3);

    public static async Task<Figures> RunAsync(IReadOnlyList<SpeedPeer> peers, IReadOnlyList<SpeedModel> models, int rounds, TimeSpan turn)
    {
        var figures = new Figures();
        await WarmUpAsync(peers, models);
        Console.WriteLine("| model | body | connections | peer | req/s | p50, µs | p99, µs | server CPU, µs a request | failed |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (var model in models)
        {
            foreach (var binary in (bool[])[false, true])
            {
                foreach (var connections in Connections) await CompareAsync(peers, model, binary, connections, rounds, turn, figures);
            }
        }

        return figures;
    }

    /// <summary>Until the code of all is compiled for good: the runtime does that again and again for what is called often.</summary>
    public static async Task WarmUpAsync(IReadOnlyList<SpeedPeer> peers, IReadOnlyList<SpeedModel> models)
    {
        foreach (var peer in peers)
        {
            foreach (var binary in (bool[])[false, true])
            {
                await peer.LoadAsync(models[0], binary, 32, Warmup);
                foreach (var model in models.Skip(1)) await peer.LoadAsync(model, binary, 8, Warmup / 8);
            }
        }
    }

    private static async Task CompareAsync(
        IReadOnlyList<SpeedPeer> peers, SpeedModel model, bool binary, int connections, int rounds, TimeSpan turn, Figures figures)
    {
        for (var round = 0; round < rounds; round++)
        {
            // Whoever goes first in a round goes last in the next.
            foreach (var peer in round % 2 == 0 ? peers : peers.Reverse())
                figures.Add(new(peer.Name, model, binary, connections), await peer.LoadAsync(model, binary, connections, turn));
        }

        foreach (var peer in peers)
        {
            var cell = new Cell(peer.Name, model, binary, connections);
            Console.WriteLine(Figures.Text(
                $"| {model.Name} | {(binary ? "binary" : "JSON")} | {connections} | {peer.Name} | {figures.Median(cell, f => f.Throughput):0} | {figures.Median(cell, f => f.P50):0} | {figures.Median(cell, f => f.P99):0} | {figures.CpuARequest(cell):0} | {figures.Failed(cell)} |"));
        }
    }
}
