using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Platform.Tests;
using Platform.Worker.Onnx;
using Platform.Worker.Probing;
using Platform.Worker.Tests.Support;

namespace Platform.Fuzz.Tests;

/// <summary>Whatever is uploaded, it is read or refused: in this process as far as the graph, and a part of it in the process that runs it.</summary>
public sealed class ModelTests(ITestOutputHelper output)
{
    private const int Seed = 20_260_102;

    /// <summary>One in so many of those that load is also run; a process takes a hundred times as long.</summary>
    private const int ProbeEvery = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly byte[][] Files =
    [
        OnnxBuilder.Identity("FP32", "n", 4), OnnxBuilder.Identity("BYTES", "n"), File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "digits", "digits-1.0.0.onnx")),
        new OnnxBuilder().Input("x", OnnxBuilder.Float, ["n", 2]).Output("y", OnnxBuilder.Float, ["n", 3]).Floats("w", [2, 3], [1, 2, 3, 4, 5, 6])
            .Node("MatMul", ["x", "w"], ["z"]).Node("Softmax", ["z"], ["y"]).Build(),
    ];

    [Fact]
    public async Task Model_Changed_IsReadOrRefused()
    {
        var random = new Random(Seed);
        var probe = new ProbeProcess(Options.Create(new ProbeOptions { Timeout = Patience }), TimeProvider.System, NullLogger<ProbeProcess>.Instance);
        var (taken, refused, probed) = (0, 0, 0);
        for (var i = 0; i < Amount.Models; i++)
        {
            var file = Mutated(random);
            using var limit = new CancellationTokenSource(Patience);
            try
            {
                OnnxInspector.Read(file, limit.Token);
                if (taken++ % ProbeEvery != 0) continue;
                probed++;
                await probe.InspectAsync(file, TestContext.Current.CancellationToken);
            }
            catch (UnusableModelException)
            {
                refused++;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // Kept, so that it can become a part of the corpus.
                var kept = Path.Combine(Path.GetTempPath(), $"fuzz-{Seed}-{i}.onnx");
                await File.WriteAllBytesAsync(kept, file, CancellationToken.None);
                Assert.Fail($"{kept}: {e}");
            }

            Assert.False(limit.IsCancellationRequested, $"File {i} of seed {Seed} took longer than {Patience.TotalSeconds} s.");
        }

        output.WriteLine($"seed {Seed}: {Amount.Models} files, {taken} read, {refused} refused, {probed} of them run in a process of their own");
        Assert.True(taken > 0 && refused > 0);
    }

    /// <summary>The structure of a large file stands at its beginning and at its end; the weights between may be anything.</summary>
    private static byte[] Mutated(Random random)
    {
        const int edge = 700;
        var file = Files[random.Next(Files.Length)];
        if (file.Length < 2 * edge) return Mutation.Of(file, random, Files);
        return random.Next(2) == 0
            ? [.. Mutation.Of(file[..edge], random, Files), .. file[edge..]]
            : [.. file[..^edge], .. Mutation.Of(file[^edge..], random, Files)];
    }
}
