using Platform.Benchmarks.Speed.Load;
using Platform.Benchmarks.Speed.Peers;

namespace Platform.Benchmarks.Speed;

/// <summary>The whole path under load that does not wait for answers: at 70 % of what it can do, and at three times as much.</summary>
internal static class OpenComparison
{
    private const double Share = 0.7;
    private const double Overload = 3;
    private const double HighPriority = 0.01;
    private const double DeadlineMs = 100;
    private const double RefusalMs = 5;
    private static readonly TimeSpan Capacity = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(6);

    /// <summary>Until the code is compiled as well as it will be.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(30);

    public static async Task RunPoissonAsync(SpeedPeer door)
    {
        await ClosedComparison.WarmUpAsync([door], SpeedModels.All);
        await door.LoadAsync(SpeedModels.Small, true, 32, WarmUp);
        Console.WriteLine();
        Console.WriteLine("| Poisson at 70 % of capacity | capacity, req/s | p50, ms | p99, ms | sent late p99, ms | failed | unsent |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var model in SpeedModels.All)
        {
            var capacity = (await door.LoadAsync(model, true, 32, Capacity)).Throughput;
            var (open, _) = await MeasureAsync(door, [(door.Request(model, true, ""), 1)], capacity * Share);
            Console.WriteLine(Figures.Text(
                $"| {model.Name} | {capacity:0} | {LoadFigures.At(open[0].Accepted, 0.5) / 1e3:0.00} | {LoadFigures.At(open[0].Accepted, 0.99) / 1e3:0.00} | {LoadFigures.At(open[0].Late, 0.99) / 1e3:0.00} | {open[0].Refused.Length + open[0].Expired + open[0].Broken} | {open[0].Unsent} |"));
        }
    }

    public static async Task RunOverloadAsync(SpeedPeer door)
    {
        SpeedModel[] models = [SpeedModels.Small, SpeedModels.Slow, SpeedModels.Heavy];
        await ClosedComparison.WarmUpAsync([door], models);
        foreach (var model in models) await RunOverloadAsync(door, model);
    }

    private static async Task RunOverloadAsync(SpeedPeer door, SpeedModel model)
    {
        var timeout = Figures.Text($"\"timeout\":{DeadlineMs * 1e3:0},");
        var requests = ((byte[], double)[])[(door.Request(model, true, timeout), 1 - HighPriority), (door.Request(model, true, timeout + "\"priority\":1,"), HighPriority)];
        var before = (await door.LoadAsync(model, true, 32, Capacity)).Throughput;
        var (open, cpu) = await MeasureAsync(door, requests, before * Overload);
        var capacity = (before + (await door.LoadAsync(model, true, 32, Capacity)).Throughput) / 2;
        var (usual, high) = (open[0], open[1]);
        var accepted = usual.Accepted.Length + high.Accepted.Length;
        Console.WriteLine();
        Console.WriteLine(Figures.Text(
            $"{model.Label} at {(usual.Offered + high.Offered) / usual.Seconds:0} req/s ({Overload:0} times {capacity:0}), deadline {DeadlineMs:0} ms: {accepted} accepted, {usual.Refused.Length} refused, {usual.Expired} expired, {usual.Broken} broken, {usual.Unsent} unsent; priority 1: {high.Accepted.Length} of {high.Offered}. Accepted p50 {LoadFigures.At(usual.Accepted, .5) / 1e3:0.0} ms; refused p50 {LoadFigures.At(usual.Refused, .5) / 1e3:0.0}, p95 {LoadFigures.At(usual.Refused, .95) / 1e3:0.0} ms; {cpu:0.00} cores busy on the path; sent late p50 {LoadFigures.At(usual.Late, .5) / 1e3:0.0}, p99 {LoadFigures.At(usual.Late, .99) / 1e3:0.0} ms."));
        Target.PrintHeader();
        new Target($"goodput ÷ capacity, {model.Label}", accepted / usual.Seconds / capacity, 0.95, false).Print();
        new Target($"accepted p99, ms, {model.Label}", LoadFigures.At(usual.Accepted, 0.99) / 1e3, DeadlineMs, true).Print();
        new Target($"refusals p99, ms, {model.Label}", LoadFigures.At(usual.Refused, 0.99) / 1e3, RefusalMs, true).Print();
        new Target($"priority 1 that succeeds, {model.Label}", high.Accepted.Length / (double)Math.Max(1, high.Offered), 0.999, false).Print();
    }

    private static async Task<(OpenFigures[] Open, double Cores)> MeasureAsync(SpeedPeer door, (byte[] Request, double Share)[] requests, double rate)
    {
        var before = door.Cpu.Total();
        var open = await OpenLoad.RunAsync(door.EndPoint, requests, rate, Duration);
        return (open, (door.Cpu.Total() - before).TotalSeconds / open[0].Seconds);
    }
}
