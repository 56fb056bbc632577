using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace Platform.Benchmarks.Speed.Peers;

/// <summary>ONNX Runtime without anything around it.</summary>
/// <param name="ItemsASecond">At the best batch, with a one-thread session on each core.</param>
/// <param name="CpuUs">Processor time an item there.</param>
/// <param name="Batch">The best batch.</param>
/// <param name="RunP50Us">A run of one item on a quiet machine, median.</param>
internal sealed record RawOnnxFigures(double ItemsASecond, double CpuUs, int Batch, double RunP50Us);

internal static class RawOnnx
{
    private const int Pixels = 28 * 28;
    private static readonly int[] Batches = [1, 8, 16, 32];
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(250);

    public static async Task<RawOnnxFigures> MeasureAsync(SpeedModel model)
    {
        var bytes = SpeedModels.Read(model);
        using var session = new InferenceSession(bytes, new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 });
        var alone = (await OnThreadsAsync(session, batch: 1, threads: 1))[0];
        RawOnnxFigures? best = null;
        foreach (var batch in Batches)
        {
            var runs = await OnThreadsAsync(session, batch, Environment.ProcessorCount);
            var items = runs.Sum(one => one.Count) * batch / Duration.TotalSeconds;
            var cpu = runs.Average(one => one.CpuUs / one.Count / batch);
            if (best is null || items > best.ItemsASecond) best = new(items, cpu, batch, 0);
        }

        alone.Sort();
        return best! with { RunP50Us = alone[alone.Count / 2] };
    }

    private static async Task<Runs[]> OnThreadsAsync(InferenceSession session, int batch, int threads) =>
        await Task.WhenAll(Enumerable.Range(0, threads).Select(_ => Task.Factory.StartNew(
            () => Loop(session, batch), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

    private static Runs Loop(InferenceSession session, int batch)
    {
        var random = new Random(1);
        var image = Enumerable.Range(0, batch * Pixels).Select(_ => random.NextSingle()).ToArray();
        var output = new float[batch * 10];
        using var input = OrtValue.CreateTensorValueFromMemory(image, [batch, 1, 28, 28]);
        using var result = OrtValue.CreateTensorValueFromMemory(output, [batch, 10]);
        using var options = new RunOptions();
        for (var i = 0; i < 20; i++) Run();
        var runs = new Runs();
        var started = Stopwatch.GetTimestamp();
        var cpu = ThreadCpu.Now();
        while (Stopwatch.GetElapsedTime(started) < Duration)
        {
            var began = Stopwatch.GetTimestamp();
            Run();
            runs.Add((float)Stopwatch.GetElapsedTime(began).TotalMicroseconds);
        }

        runs.CpuUs = (ThreadCpu.Now() - cpu).TotalMicroseconds;
        return runs;

        void Run() => session.Run(options, session.InputNames, [input], session.OutputNames, [result]);
    }

    private sealed class Runs : List<float>
    {
        public double CpuUs { get; set; }
    }
}
