using Platform.Benchmarks.Speed.Load;
using Platform.Benchmarks.Speed.Peers;

namespace Platform.Benchmarks.Speed;

/// <summary>What follows from the comparison, beside the targets.</summary>
internal sealed class ClosedTargets(Figures figures, IReadOnlyDictionary<SpeedModel, RawOnnxFigures> raw)
{
    private const string Direct = "worker directly";
    private const string Door = "whole path";

    public void Print()
    {
        foreach (var (model, runtime) in raw)
        {
            Console.WriteLine(Figures.Text(
                $"ONNX Runtime alone, {model.Name}: {runtime.ItemsASecond:0} items/s at batch {runtime.Batch}, {runtime.CpuUs:0.0} µs of CPU an item; a run of one {runtime.RunP50Us:0.0} µs; codec {CodecAlone.MeasureUs(model, false):0.0} µs JSON, {CodecAlone.MeasureUs(model, true):0.0} µs binary."));
        }

        Target.PrintHeader();
        foreach (var binary in (bool[])[false, true]) PrintEfficiency(binary);
        PrintAgainstPlain();
        PrintDoor();
    }

    /// <summary>E1, of the worker and of the whole path.</summary>
    private void PrintEfficiency(bool binary)
    {
        foreach (var (model, runtime) in raw)
        {
            var (connections, bound) = model == SpeedModels.Slow ? (32, 1.15) : (64, 1.35);
            var limit = runtime.CpuUs + figures.CpuARequest(new(SpeedPeer.Noop, model, binary, connections)) + CodecAlone.MeasureUs(model, binary);
            foreach (var peer in (string[])[Direct, Door])
            {
                var cell = new Cell(peer, model, binary, connections);
                new Target($"E1, {peer}, {Name(model, binary)}, {connections} connections", figures.CpuARequest(cell) / limit, bound, AtMost: true).Print();
            }
        }
    }

    private void PrintAgainstPlain()
    {
        (SpeedModel Model, bool Binary, double Raw, double Defaults, double OneThread)[] bounds =
            [(SpeedModels.Mlp, false, 0, 2.8, 1.9), (SpeedModels.Slow, false, 0.48, 3.5, 2.3), (SpeedModels.Slow, true, 0.75, 1.9, 1.2)];
        foreach (var (model, binary, alone, defaults, oneThread) in bounds)
        {
            var cell = new Cell(Direct, model, binary, 32);
            if (alone > 0)
                new Target($"worker directly ÷ ONNX Runtime alone, {Name(model, binary)}", figures.Median(cell, f => f.Throughput) / raw[model].ItemsASecond, alone, false).Print();
            new Target($"worker directly ÷ plain ASP.NET, {Name(model, binary)}", figures.MedianRatio(cell, cell with { Peer = SpeedBenchmark.Plain }, f => f.Throughput), defaults, false).Print();
            new Target($"worker directly ÷ plain ASP.NET, one thread, {Name(model, binary)}", figures.MedianRatio(cell, cell with { Peer = SpeedBenchmark.PlainOneThread }, f => f.Throughput), oneThread, false).Print();
        }

        var alike = new Cell(Direct, SpeedModels.Mlp, true, 1);
        var limit = figures.Median(alike with { Peer = SpeedPeer.Noop }, f => f.P50) + raw[SpeedModels.Mlp].RunP50Us;
        new Target("p50 at one connection, worker directly ÷ (no-op + run), mlp binary", figures.Median(alike, f => f.P50) / limit, 1.25, true).Print();
    }

    private void PrintDoor()
    {
        foreach (var binary in (bool[])[false, true])
        {
            var one = new Cell(Door, SpeedModels.Mlp, binary, 1);
            new Target($"door over direct, p50 at one connection, µs, {Name(SpeedModels.Mlp, binary)}", figures.MedianDifference(one, one with { Peer = Direct }, f => f.P50), 50, true).Print();
            new Target($"door over direct, CPU a request at one connection, µs, {Name(SpeedModels.Mlp, binary)}", figures.CpuARequest(one) - figures.CpuARequest(one with { Peer = Direct }), 35, true).Print();
            foreach (var (model, bound) in ((SpeedModel, double)[])[(SpeedModels.Mlp, 0.62), (SpeedModels.Small, 0.62), (SpeedModels.Slow, 0.85)])
            {
                var cell = new Cell(Door, model, binary, 32);
                new Target($"throughput through the door ÷ direct, {Name(model, binary)}, 32", figures.MedianRatio(cell, cell with { Peer = Direct }, f => f.Throughput), bound, false).Print();
                new Target($"p99 ÷ p50 at 32, whole path, {Name(model, binary)}", figures.Median(cell, f => f.P99 / f.P50), 3.5, true).Print();
            }
        }
    }

    private static string Name(SpeedModel model, bool binary) => $"{model.Name} {(binary ? "binary" : "JSON")}";
}
