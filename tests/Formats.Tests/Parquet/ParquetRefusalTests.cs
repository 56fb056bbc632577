using Parquet;
using Parquet.Schema;
using Platform.Core.Models;
using Platform.Formats.Tests.Support;

namespace Platform.Formats.Tests.Parquet;

public sealed class ParquetRefusalTests
{
    private static readonly ModelSignature Model = Signatures.Of(("x", "FP32", [2]));

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(100)]
    [InlineData(-1)]
    [InlineData(-20)]
    public async Task File_Cut_IsRefusedAndSaysSo(int length)
    {
        var file = await FileAsync(Numbers("x_0", 1f), Numbers("x_1", 1f));
        var refused = await Assert.ThrowsAsync<InputFormatException>(
            () => Reading.AllAsync(RowFormats.Parquet, length < 0 ? file[..^-length] : file[..length], Model));
        Assert.Contains("It was cut", refused.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Columns_OfElements_AreReadAsInCsv()
    {
        var file = await FileAsync(Numbers("x[1]", 5, 6, 7), Numbers("x[0]", 0.5, double.MaxValue, double.NaN));
        var rows = await Reading.AllAsync(RowFormats.Parquet, file, Model);
        Assert.Equal([0.5f, 5f], rows[0].Only().As<float>());
        Assert.Contains("beyond what FP32 holds", rows[1].Faulty().Reason, StringComparison.Ordinal);
        Assert.Equal("x[0]", rows[1].Faulty().Column);
        Assert.Equal([float.NaN, 7f], rows[2].Only().As<float>());
    }

    [Fact]
    public async Task WholeNumbers_BeyondTheDatatype_AreTheRowsFault()
    {
        var rows = await Reading.AllAsync(RowFormats.Parquet, await FileAsync(Numbers("x", 127L, 128L, -129L)), Signatures.Of(("x", "INT8", [])));
        Assert.Equal([127], rows[0].Only().As<sbyte>());
        Assert.All(rows.Skip(1), row => Assert.Contains("from -128 to 127", row.Faulty().Reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Columns_Wrong_RefuseTheFile()
    {
        await RefusesAsync("belongs to no input", "z", Model, Numbers("x[0]", 1f), Numbers("z", 1f));
        await RefusesAsync("lacks this column", "x[1]", Model, Numbers("x[0]", 1f));
        await RefusesAsync("type is Double", "x", Signatures.Of(("x", "INT64", [])), Numbers("x", 1.0));
        await RefusesAsync("type is Int32", "x", Signatures.Of(("x", "BYTES", [])), Numbers("x", 1));
        await RefusesAsync("type is Single", "x", Signatures.Of(("x", "BOOL", [])), Numbers("x", 1f));
    }

    [Fact]
    public async Task File_BeyondALimit_IsRefused()
    {
        var file = await FileAsync(Numbers("x_0", new float[1000]), Numbers("x_1", new float[1000]));
        await LimitAsync(file, new() { MaxRowGroupBytes = 1000 }, "Row group 0 takes");
        await LimitAsync(file, new() { MaxColumns = 1 }, "2 columns, and 1 are allowed");
        await LimitAsync(file, new() { MaxFooterBytes = 10 }, "and 10 are allowed");
        Assert.Equal(1000, (await Reading.AllAsync(RowFormats.Parquet, file, Model, new() { MaxRowGroupBytes = 30_000, MaxColumns = 2 })).Count);
    }

    [Fact]
    public async Task Stream_ThatCannotSeek_IsRefusedAtOnce() => await Assert.ThrowsAsync<ArgumentException>(async () =>
    {
        await using var stream = new ForwardOnlyStream(new MemoryStream());
        await using var reader = RowReaders.Open(RowFormats.Parquet, stream, Model, FormatLimits.Default);
    });

    private static async Task LimitAsync(byte[] file, FormatLimits limits, string problem) => Assert.Contains(
        problem, (await Assert.ThrowsAsync<InputFormatException>(() => Reading.AllAsync(RowFormats.Parquet, file, Model, limits))).Message, StringComparison.Ordinal);

    private static async Task RefusesAsync(string problem, string column, ModelSignature model, params Column[] columns)
    {
        var file = await FileAsync(columns);
        var refused = await Assert.ThrowsAsync<InputFormatException>(() => Reading.AllAsync(RowFormats.Parquet, file, model));
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
        Assert.Equal(column, refused.Column);
    }

    private static Column Numbers<T>(string name, params T[] values)
        where T : struct => new(new DataField<T>(name), (group, field) => group.WriteAsync<T>(field, values, null, null, default));

    private static async Task<byte[]> FileAsync(params Column[] columns)
    {
        using var file = new MemoryStream();
        var schema = new ParquetSchema(columns.Select(column => (Field)column.Field));
        await using (var writer = await ParquetWriter.CreateAsync(schema, file))
        {
            using var group = writer.CreateRowGroup();
            foreach (var column in columns) await column.WriteAsync(group, column.Field);
        }

        return file.ToArray();
    }

    private sealed record Column(DataField Field, Func<ParquetRowGroupWriter, DataField, Task> WriteAsync);
}
