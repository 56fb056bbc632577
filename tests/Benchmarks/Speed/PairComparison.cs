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

    /// <summary>A second platform that does neither. Access cannot be switched off, so its cost is in both.</summary>
    public static async Task RunOverheadAsync(SpeedPlatform platform)
    {
        await using var bare = await SpeedPlatform.StartAsync(new Dictionary<string, string> { ["Metrics__Enabled"] = "false", ["OTEL_TRACES_SAMPLER"] = "always_off" });
        await ClosedComparison.WarmUpAsync([platform.Door(), bare.Door()], [SpeedModels.Mlp, SpeedModels.Slow]);
        Target.PrintHeader();
        foreach (var model in (SpeedModel[])[SpeedModels.Mlp, SpeedModels.Slow])
            new Target($"counting and tracing on ÷ off, {model.Name} binary, 32, whole path", await RatioAsync(platform.Door(), bare.Door(), model, 32), 0.93, false).Print();
    }

    private static async Task<double> RatioAsync(SpeedPeer on, SpeedPeer off, SpeedModel model, int connections)
    {
        var ratios = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            // Whoever goes first in a round goes second in the next.
            var (first, second) = round % 2 == 0 ? (on, off) : (off, on);
            var one = (await first.LoadAsync(model, true, connections, Turn)).Throughput;
            var other = (await second.LoadAsync(model, true, connections, Turn)).Throughput;
            ratios.Add(first == on ? one / other : other / one);
        }

        return Figures.Median(ratios);
    }
}
