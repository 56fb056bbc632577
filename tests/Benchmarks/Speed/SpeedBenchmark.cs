using Platform.Benchmarks.Speed.Load;
using Platform.Benchmarks.Speed.Peers;

namespace Platform.Benchmarks.Speed;

/// <summary>
/// How fast the data plane is beside ONNX Runtime alone and beside what a team would write by hand, all in one run on
/// one machine. docs/performance.md has the figures and what follows from them.
/// </summary>
internal static class SpeedBenchmark
{
    public const string Plain = "plain ASP.NET";
    public const string PlainOneThread = "plain ASP.NET, one thread";
    private static readonly string[] Parts = ["closed", "brief", "poisson", "overload", "batching", "overhead", "hold"];

    /// <param name="parts">What is measured; nothing means all but what is for tuning: "brief", "hold" and NAME=VALUE.</param>
    public static async Task<int> RunAsync(string[] parts)
    {
        if (Array.Find(parts, part => !Parts.Contains(part) && !part.Contains('=')) is { } unknown)
        {
            Console.Error.WriteLine($"There is no part '{unknown}'; there are {string.Join(", ", Parts)}, and NAME=VALUE, a setting of the hosts.");
            return 2;
        }

        await SocketThreads.UseOneAsync();
        await using var platform = await SpeedPlatform.StartAsync();
        Console.WriteLine($"Processes: {platform.ProcessIds}.");
        if (parts.Length == 0) parts = ["closed", "poisson", "overload", "batching", "overhead"];
        foreach (var part in parts) await RunAsync(part, platform);
        return 0;
    }

    private static Task RunAsync(string part, SpeedPlatform platform) => part switch
    {
        "closed" => CompareAsync(platform, SpeedModels.All, rounds: 3, TimeSpan.FromSeconds(0.4)),
        "brief" => CompareAsync(platform, SpeedModels.All, rounds: 1, TimeSpan.FromSeconds(0.5)),
        "poisson" => OpenComparison.RunPoissonAsync(platform.Door()),
        "overload" => OpenComparison.RunOverloadAsync(platform.Door()),
        "batching" => PairComparison.RunBatchingAsync(platform),
        "overhead" => PairComparison.RunOverheadAsync(),
        "hold" => HoldAsync(platform),
        _ => PairComparison.RunWithAsync(part.Split('=', 2)[0], part.Split('=', 2)[1]),
    };

    private static async Task CompareAsync(SpeedPlatform platform, SpeedModel[] models, int rounds, TimeSpan turn)
    {
        using var noop = await PeerProcess.StartAsync("noop");
        using var plain = await PeerProcess.StartAsync("0");
        using var oneThread = await PeerProcess.StartAsync("1");
        SpeedPeer[] peers =
            [SpeedPeer.Of(SpeedPeer.Noop, noop), SpeedPeer.Of(Plain, plain), SpeedPeer.Of(PlainOneThread, oneThread), platform.Direct(), platform.Door()];
        var raw = new Dictionary<SpeedModel, RawOnnxFigures>();
        foreach (var model in models) raw[model] = await RawOnnx.MeasureAsync(model);
        var beside = platform.Beside.Total();
        var figures = await ClosedComparison.RunAsync(peers, models, rounds, turn);
        Console.WriteLine(Figures.Text($"Silo and Redis took {(platform.Beside.Total() - beside).TotalSeconds:0.0} s of CPU meanwhile."));
        new ClosedTargets(figures, raw).Print();
    }

    /// <summary>The same load on the whole path for a minute, for a profiler to look at.</summary>
    private static async Task HoldAsync(SpeedPlatform platform)
    {
        for (var i = 0; i < 6; i++)
        {
            foreach (var peer in (SpeedPeer[])[platform.Door(), platform.Direct()])
            {
                var load = await peer.LoadAsync(SpeedModels.Mlp, binary: true, connections: 32, TimeSpan.FromSeconds(6));
                Console.WriteLine(Figures.Text($"{peer.Name}: {load.Throughput:0} req/s, p50 {load.P50:0} µs, p99 {load.P99:0} µs, {load.CpuARequest:0.0} µs of CPU a request, {load.Failed} failed."));
            }
        }
    }
}
