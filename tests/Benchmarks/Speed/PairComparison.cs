using Platform.Benchmarks.Speed.Peers;

namespace Platform.Benchmarks.Speed;

/// <summary>With something and without it: batches, and what is counted and traced.</summary>
internal static class PairComparison
{
    private const int Rounds = 7;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(0.7);
    private static readonly object Unbatched = new { batching = new { max_batch_size = 1 } };

    public static async Task RunBatchingAsync(SpeedPlatform platform)
    {
        const string suffix = "-unbatched";
        foreach (var model in SpeedModels.All) await platform.DeployAsync(model.Name + suffix, model, Unbatched);
        var (on, off) = (platform.Direct(), platform.Direct(suffix));
        await ClosedComparison.WarmUpAsync([on, off], SpeedModels.All);
        Target.PrintHeader();
        foreach (var (model, connections, bound) in ((SpeedModel, int, double)[])
            [(SpeedModels.Mlp, 32, 1.4), (SpeedModels.Small, 32, 0.98), (SpeedModels.Slow, 1, 0.98), (SpeedModels.Slow, 8, 0.98), (SpeedModels.Slow, 32, 0.98)])
            new Target($"batching on ÷ off, {model.Name} binary, {connections}, worker directly", await RatioAsync(on, off, model, connections), bound, false).Print();
    }

    /// <summary>
    /// Two more platforms: one that counts, and traces one request in a hundred to a collector, and one that does neither.
    /// Access cannot be switched off, so its cost is in both.
    /// </summary>
    public static async Task RunOverheadAsync()
    {
        using var collector = await PeerProcess.StartAsync("noop");
        await using var full = await SpeedPlatform.StartAsync(new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address.ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_TRACES_SAMPLER"] = "parentbased_traceidratio",
            ["OTEL_TRACES_SAMPLER_ARG"] = "0.01",
        });
        await using var bare = await SpeedPlatform.StartAsync(new Dictionary<string, string> { ["Metrics__Enabled"] = "false" });
        await ClosedComparison.WarmUpAsync([full.Door(), bare.Door()], [SpeedModels.Mlp, SpeedModels.Slow]);
        Target.PrintHeader();
        foreach (var model in (SpeedModel[])[SpeedModels.Mlp, SpeedModels.Slow])
            new Target($"counting and sampled tracing on ÷ off, {model.Name} binary, 32, whole path", await RatioAsync(full.Door(), bare.Door(), model, 32), 0.93, false).Print();
    }

    /// <summary>
    /// A platform whose hosts have a setting more, beside one without it, to find out what it is worth. Both are new: one
    /// that has served for a while has its code compiled better.
    /// </summary>
    public static async Task RunWithAsync(string name, string value)
    {
        await using var usual = await SpeedPlatform.StartAsync();
        await using var other = await SpeedPlatform.StartAsync(new Dictionary<string, string> { [name] = value });
        foreach (var (with, without) in ((SpeedPeer, SpeedPeer)[])[(other.Door(), usual.Door()), (other.Direct(), usual.Direct())])
        {
            await ClosedComparison.WarmUpAsync([with, without], [SpeedModels.Mlp, SpeedModels.Slow]);
            foreach (var (model, connections) in ((SpeedModel, int)[])[(SpeedModels.Mlp, 1), (SpeedModels.Mlp, 32), (SpeedModels.Slow, 1), (SpeedModels.Slow, 32)])
            {
                var figures = await CompareAsync(with, without, model, connections);
                Console.WriteLine(Figures.Text(
                    $"{name}={value}, {with.Name}, {model.Name} binary, {connections}: throughput {figures.Throughput:0.00} times, p50 {figures.P50:0.00} times, CPU a request {figures.Cpu:0.00} times."));
            }
        }
    }

    private static async Task<double> RatioAsync(SpeedPeer on, SpeedPeer off, SpeedModel model, int connections) =>
        (await CompareAsync(on, off, model, connections)).Throughput;

    private static async Task<(double Throughput, double P50, double Cpu)> CompareAsync(SpeedPeer on, SpeedPeer off, SpeedModel model, int connections)
    {
        var figures = new Figures();
        var (with, without) = (new Cell("with", model, true, connections), new Cell("without", model, true, connections));
        for (var round = 0; round < Rounds; round++)
        {
            // Whoever goes first in a round goes second in the next.
            foreach (var isOn in round % 2 == 0 ? [true, false] : new[] { false, true })
                figures.Add(isOn ? with : without, await (isOn ? on : off).LoadAsync(model, true, connections, Turn));
        }

        return (
            figures.MedianRatio(with, without, load => load.Throughput), figures.MedianRatio(with, without, load => load.P50),
            figures.CpuARequest(with) / figures.CpuARequest(without));
    }
}
