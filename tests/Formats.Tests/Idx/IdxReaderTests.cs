using Platform.Formats.Tests.Support;

namespace Platform.Formats.Tests.Idx;

public sealed class IdxReaderTests
{
    private static readonly byte[] File2 = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255, 51, 102];

    [Theory]
    [InlineData(new long[] { 1, 1, 2 })]
    [InlineData(new long[] { 1, -1, -1 })]
    [InlineData(new long[] { 2 })]
    public async Task Images_AreItemsFrom0To1(long[] item)
    {
        var rows = await Reading.AllAsync(RowFormats.Idx, File2, Signatures.Of(("image", "FP32", item)));
        Assert.Equal([0f, 1f, 51 / 255f, 102 / 255f], rows.SelectMany(row => row.Only().As<float>()));
        Assert.Equal(item.Length == 1 ? [2] : [1, 1, 2], rows[0].Only().Shape);
    }

    [Fact]
    public async Task TestImages_OfTheSample_AreReadFromGzip()
    {
        var file = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Files", "test-images-idx3-ubyte.gz"), TestContext.Current.CancellationToken);
        var rows = await Reading.AllAsync(RowFormats.Idx, file, Signatures.Of(("image", "FP32", [1, 28, 28])));
        Assert.Equal(2000, rows.Count);
        Assert.All(rows, row => Assert.InRange(row.Only().As<float>().Max(), 0.5f, 1f));
    }

    [Theory]
    [InlineData(0, "ends here", 0L)]
    [InlineData(1, "ends here", 1L)]
    [InlineData(2, "More bytes follow", 2L)]
    [InlineData(3, "header is wrong", null)]
    [InlineData(4, "header is wrong", null)]
    public async Task File_Wrong_IsRefusedWithTheRow(int kind, string problem, long? row)
    {
        byte[] file = kind switch { 0 => File2[..17], 1 => File2[..19], 2 => [.. File2, 0], 3 => File2[..9], _ => [1, .. File2[1..]] };
        var refused = await Assert.ThrowsAsync<InputFormatException>(() => Reading.AllAsync(RowFormats.Idx, file, Signatures.Of(("image", "FP32", [2]))));
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
        Assert.Equal(row, refused.Row);
    }

    [Theory]
    [InlineData("FP32", 3)]
    [InlineData("UINT8", 2)]
    public async Task Model_OfAnotherInput_RefusesTheFile(string datatype, long size) => Assert.Contains(
        "but the model takes",
        (await Assert.ThrowsAsync<InputFormatException>(() => Reading.AllAsync(RowFormats.Idx, File2, Signatures.Of(("image", datatype, [size]))))).Message,
        StringComparison.Ordinal);
}
