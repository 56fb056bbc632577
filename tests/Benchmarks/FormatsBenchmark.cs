using System.Collections.Immutable;
using System.Diagnostics;
using Platform.Core.Jobs;
using Platform.Core.Models;
using Platform.Core.Tensors;
using Platform.Formats;

namespace Platform.Benchmarks;

/// <summary>How fast rows are read and written on one core: items of a small image's 784 numbers, and of 8.</summary>
internal static class FormatsBenchmark
{
    private const int Rounds = 3;
    private const long TargetElements = 8_000_000;

    public static async Task<int> RunAsync()
    {
        Console.WriteLine($"{"",-10}{"elements",9}{"",7}{"rows/s",12}{"MB/s",8}{"bytes a row",13}   (best of {Rounds})");
        foreach (var elements in (int[])[784, 8])
        {
            var signature = Signature(elements);
            var rows = Rows(elements, (int)(TargetElements / elements));
            foreach (var format in JobFormats.Outputs)
            {
                using var file = new MemoryStream();
                Print(format, elements, "write", rows.Length, await BestAsync(() => WriteAsync(format, signature, rows, file)), file.Length);
                var input = await InputAsync(format, rows);
                Print(format, elements, "read", rows.Length, await BestAsync(() => ReadAsync(format, signature, input, rows.Length)), input.Length);
            }
        }

        byte[] images = [0, 0, 8, 3, 0, 1, 0x86, 0xA0, 0, 0, 0, 28, 0, 0, 0, 28, .. new byte[100_000 * 784]];
        Print(RowFormats.Idx, 784, "read", 100_000, await BestAsync(() => ReadAsync(RowFormats.Idx, Signature(784), images, 100_000)), images.Length);
        return 0;
    }

    private static async Task<double> BestAsync(Func<Task> run)
    {
        var best = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var started = Stopwatch.GetTimestamp();
            await run();
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return best;
    }

    private static async Task WriteAsync(string format, ModelSignature signature, OutputRow[] rows, MemoryStream file)
    {
        file.SetLength(0);
        await using var writer = RowWriters.Open(format, file, signature);
        foreach (var row in rows) await writer.WriteAsync(row, CancellationToken.None);
        await writer.CompleteAsync(CancellationToken.None);
    }

    private static async Task ReadAsync(string format, ModelSignature signature, byte[] file, int expected)
    {
        await using var reader = RowReaders.Open(format, new MemoryStream(file), signature, FormatLimits.Default);
        var rows = 0;
        await foreach (var row in reader.ReadAsync(CancellationToken.None))
            rows += row.Fault is null ? 1 : throw new InvalidOperationException($"Row {row.Number}: {row.Fault.Reason}");
        if (rows != expected) throw new InvalidOperationException($"{rows} rows were read of {expected}.");
    }

    private static async Task<byte[]> InputAsync(string format, OutputRow[] rows) => format switch
    {
        RowFormats.Jsonl => FormatsFiles.Jsonl(rows),
        RowFormats.Csv => FormatsFiles.Csv(rows),
        _ => await FormatsFiles.ParquetAsync(rows),
    };

    private static OutputRow[] Rows(int elements, int count)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, count).Select(number => new OutputRow(number, "2.0.0", [Tensor(random, elements)]))];
    }

    private static RowTensor Tensor(Random random, int elements)
    {
        var values = Enumerable.Range(0, elements).Select(_ => random.Next(256) / 255f).ToArray();
        return new("x", Datatype.Fp32, [elements], System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values).ToArray());
    }

    private static ModelSignature Signature(int elements)
    {
        ImmutableArray<TensorSignature> x = [new("x", "FP32", [-1, elements], ["n", null])];
        return new(x, x, "", ImmutableDictionary<string, long>.Empty, ImmutableDictionary<string, string>.Empty);
    }

    private static void Print(string format, int elements, string what, int rows, double seconds, long bytes) => Console.WriteLine(
        $"{format,-10}{elements,9}{what,7}{rows / seconds,12:N0}{bytes / seconds / 1e6,8:N0}{(double)bytes / rows,13:N0}");
}
