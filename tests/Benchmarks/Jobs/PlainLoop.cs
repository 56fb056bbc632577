using System.Diagnostics;
using Platform.Core.Tensors;
using Platform.Worker.Serving;
using Platform.Worker.Tensors;

namespace Platform.Benchmarks.Jobs;

/// <summary>What a job is held against: the same session run over and over on rows that lie in memory, by so many threads.</summary>
internal static class PlainLoop
{
    private const int Pixels = 28 * 28;

    /// <returns>Rows a second.</returns>
    public static async Task<double> RunAsync(ServedVersion version, int batch, int rows, int threads)
    {
        var runs = rows / batch / threads;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, threads).Select(_ => Task.Factory.StartNew(
            () => Run(version, batch, runs), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        return (double)runs * threads * batch / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static void Run(ServedVersion version, int batch, int runs)
    {
        var bytes = batch * Pixels * sizeof(float);
        using var buffer = PinnedPool.Shared.Rent(bytes + PinnedBuffer.Alignment);
        buffer.Span.Clear();
        var tensor = new Tensor(Datatype.Fp32, [batch, 1, 28, 28], buffer, buffer.AlignedStart, bytes);
        for (var i = 0; i < runs; i++)
        {
            using var outputs = version.Model.Run([tensor], version.Model.Interface.Outputs);
        }
    }
}
