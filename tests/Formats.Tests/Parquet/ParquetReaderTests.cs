using System.Globalization;
using System.Text;
using Platform.Core.Tensors;
using Platform.Formats.Tests.Support;

namespace Platform.Formats.Tests.Parquet;

/// <summary>Files of another writer, of many pages and row groups; Files/write.cjs says what is in them.</summary>
public sealed class ParquetReaderTests
{
    private const int Rows = 600;

    [Theory]
    [InlineData("arrow-zstd-dictionary.parquet", false)]
    [InlineData("arrow-snappy-nulls.parquet", true)]
    public async Task File_OfAnotherWriter_IsReadRowByRow(string name, bool hasNulls)
    {
        var file = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Files", name), TestContext.Current.CancellationToken);
        var rows = await Reading.AllAsync(
            RowFormats.Parquet, file, Signatures.Of(("t", "BYTES", []), ("n", "INT64", [1]), ("x", "FP32", [3]), ("flag", "BOOL", [])));
        Assert.Equal(Enumerable.Range(0, Rows).Select(row => hasNulls ? Expected(row) : Values(row)), rows.Select(Text));
    }

    [Fact]
    public async Task Lists_InPagesOfVersion2_AreRefusedWithTheFix()
    {
        var file = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Files", "arrow-v2-pages.parquet"), TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<InputFormatException>(() => Reading.AllAsync(
            RowFormats.Parquet, file, Signatures.Of(("t", "BYTES", []), ("n", "INT64", [1]), ("x", "FP32", [3]), ("flag", "BOOL", []))));
        Assert.Equal("x", refused.Column);
        Assert.Contains("data pages of version 1", refused.Fix, StringComparison.Ordinal);
    }

    private static string Expected(int row) => (row % 50) switch
    {
        7 => $"{row} x: It is null",
        9 => $"{row} x[1]: It is null",
        11 => $"{row} x: It has 0 elements, but the model takes 3",
        13 => $"{row} n: It is null",
        15 => $"{row} flag: It is null",
        17 => $"{row} t: It is null",
        _ => Values(row),
    };

    private static string Values(int row) => string.Create(
        CultureInfo.InvariantCulture, $"{row} tä{row % 7} {row * 10_000_000_000L} {row},{row + 0.5f},{-(row % 5)} {row % 3 == 0}");

    private static string Text(InputRow row)
    {
        if (row.Fault is { } fault) return $"{row.Number} {fault.Column}: {fault.Reason.Split(';', '(')[0].Trim()}";
        var elements = new BytesElements(row.Tensors[0].Data.Span);
        Assert.True(elements.MoveNext());
        var x = string.Join(",", row.Tensors[2].As<float>().Select(value => (value == 0 ? 0 : value).ToString(CultureInfo.InvariantCulture)));
        return $"{row.Number} {Encoding.UTF8.GetString(elements.Current)} {row.Tensors[1].As<long>()[0]} {x} {row.Tensors[3].Data.Span[0] == 1}";
    }
}
