using System.Runtime.InteropServices;
using System.Text;
using Platform.Core.Tensors;

namespace Platform.Formats.Tests.Jsonl;

public sealed class JsonlWriterTests
{
    [Fact]
    public async Task Row_IsOneLineOfTheContract()
    {
        var tensor = new RowTensor("probabilities", Datatype.Fp32, [2], MemoryMarshal.AsBytes([0.1f, 0.9f]).ToArray());
        Assert.Equal(
            "{\"row\":0,\"model_version\":\"2.0.0\",\"outputs\":{\"probabilities\":[0.1,0.9]}}\n"
            + "{\"row\":1,\"model_version\":\"2.0.0\",\"outputs\":{\"probabilities\":[0.1,0.9]}}\n",
            await WriteAsync(new OutputRow(0, "2.0.0", [tensor]), new OutputRow(1, "2.0.0", [tensor])));
    }

    [Fact]
    public async Task Tensors_AreNestedByTheirShape()
    {
        var grid = new RowTensor("grid", Datatype.Int8, [2, 2], new byte[] { 1, 2, 3, 255 });
        var label = new RowTensor("label", Datatype.Bool, [], new byte[] { 1 });
        var none = new RowTensor("none", Datatype.Fp64, [0], Array.Empty<byte>());
        var line = await WriteAsync(new OutputRow(0, "1.0.0", [grid, label, none]));
        Assert.Contains("{\"grid\":[[1,2],[3,-1]],\"label\":[true],\"none\":[]}", line, StringComparison.Ordinal);
    }

    private static async Task<string> WriteAsync(params OutputRow[] rows)
    {
        using var file = new MemoryStream();
        await using var writer = RowWriters.Open(RowFormats.Jsonl, file, Support.Signatures.Of(("x", "FP32", [1])));
        foreach (var row in rows) await writer.WriteAsync(row, TestContext.Current.CancellationToken);
        await writer.CompleteAsync(TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(file.ToArray());
    }
}
