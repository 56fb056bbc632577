using System.Buffers;
using CsCheck;
using Platform.Core.Tensors;
using Platform.Formats;
using Platform.Worker.Jobs;

namespace Platform.Worker.Tests.Jobs;

public sealed class RowFileTests
{
    private static readonly Gen<RowTensor> GenTensor =
        from name in Gen.String[0, 10]
        from datatype in Gen.Enum<Datatype>()
        from shape in Gen.Long[0, 9].Array[0, 4]
        from data in Gen.Byte.Array[0, 40]
        select new RowTensor(name, datatype, [.. shape], data);

    private static readonly Gen<InputRow> GenRow = Gen.OneOf(
        Gen.Select(Gen.Long[0, long.MaxValue], GenTensor.Array[0, 3], (number, tensors) => new InputRow(number, [.. tensors], null)),
        Gen.Select(Gen.Long[0, 9], Gen.String[1, 20], Gen.String[1, 9], (number, reason, column) => new InputRow(number, [], new RowFault(reason, column))),
        Gen.Select(Gen.Long[0, 9], Gen.String[1, 20], (number, reason) => new InputRow(number, [], new RowFault(reason, null))));

    [Fact]
    public async Task Rows_AnyOfThem_AreReadAsTheyWereWritten() => await GenRow.Array[0, 10].SampleAsync(async rows =>
    {
        var written = Write(rows);
        var read = await ReadAsync(written);
        Assert.Equal(rows.Length, read.Count);
        foreach (var (expected, actual) in rows.Zip(read))
        {
            Assert.Equal((expected.Number, expected.Fault, expected.Tensors.Length), (actual.Number, actual.Fault, actual.Tensors.Length));
            foreach (var (one, other) in expected.Tensors.Zip(actual.Tensors))
            {
                Assert.Equal((one.Name, one.Datatype), (other.Name, other.Datatype));
                Assert.Equal(one.Shape, other.Shape);
                Assert.Equal(one.Data.Span, other.Data.Span);
            }
        }
    });

    [Fact]
    public async Task File_ThatIsCutOff_IsNotReadToAnEnd()
    {
        var written = Write([new InputRow(1, [new RowTensor("x", Datatype.Fp32, [1], new byte[4])], null)]);
        for (var length = 1; length < written.Length; length++)
        {
            var cut = written[..length];
            var thrown = await Assert.ThrowsAnyAsync<Exception>(() => ReadAsync(cut));
            Assert.True(thrown is InvalidDataException or EndOfStreamException, thrown.ToString());
        }
    }

    private static byte[] Write(InputRow[] rows)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var bytes = rows.Sum(row => RowFile.Write(buffer, row));
        Assert.Equal(bytes, buffer.WrittenCount);
        return buffer.WrittenSpan.ToArray();
    }

    private static async Task<List<InputRow>> ReadAsync(byte[] bytes)
    {
        using var file = new MemoryStream(bytes);
        var rows = new List<InputRow>();
        await foreach (var row in RowFile.ReadAsync(file, TestContext.Current.CancellationToken)) rows.Add(row);
        return rows;
    }
}
