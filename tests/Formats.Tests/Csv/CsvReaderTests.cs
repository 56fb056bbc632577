using System.Text;
using Platform.Core.Tensors;
using Platform.Formats.Tests.Support;

namespace Platform.Formats.Tests.Csv;

public sealed class CsvReaderTests
{
    [Theory]
    [InlineData("x[0],x[1],x[2]\n1,2,3", "1,2,3")]
    [InlineData("x_0,x_1,x_2\n1,2,3", "1,2,3")]
    [InlineData("x_02, x_00 ,x_01\n1,2,3", "2,3,1")]
    [InlineData("pixel0,pixel1,pixel2\r\n1,2,3\r\n", "1,2,3")]
    [InlineData("0,1,2\n1,2,3", "1,2,3")]
    [InlineData("\uFEFFx[0],x[1],x[2]\n\"1\", 2 ,3e0", "1,2,3")]
    [InlineData("x[0],x[1],x[2]\nNaN,Infinity,-inf", "NaN,Infinity,-Infinity")]
    public async Task Header_OfEitherKind_MapsColumnsToElements(string text, string expected)
    {
        var tensor = Assert.Single(await Reading.CsvAsync(text, Signatures.Of(("x", "FP32", [3])))).Only();
        Assert.Equal(expected, string.Join(",", tensor.As<float>().Select(value => value.ToString(System.Globalization.CultureInfo.InvariantCulture))));
    }

    [Fact]
    public async Task Header_OfSeveralInputs_GivesTheWholeNamePrecedence()
    {
        var row = Assert.Single(await Reading.CsvAsync("x_1,x[0],x[1]\n7,8,9", Signatures.Of(("x", "INT32", [2]), ("x_1", "INT32", []))));
        Assert.Equal([8, 9], row.Tensors[0].As<int>());
        Assert.Equal([7], row.Tensors[1].As<int>());
    }

    [Theory]
    [InlineData("", "is empty", null)]
    [InlineData("x[0],z\n1,2", "belongs to no input", "z")]
    [InlineData("x[0]\n1", "lacks this column", "x[1]")]
    [InlineData("x[0],x[0]\n1,2", "twice", "x[0]")]
    [InlineData("x[0],x[2]\n1,2", "belongs to no input", "x[2]")]
    [InlineData("a,b,c\n1,2,3", "belongs to no input", "a")]
    [InlineData("1.5,2\n1,2", "numbers where the header should be", null)]
    public async Task Header_Wrong_RefusesTheFile(string text, string problem, string? column)
    {
        var refused = await Assert.ThrowsAsync<InputFormatException>(() => Reading.CsvAsync(text, Signatures.Of(("x", "FP32", [2]))));
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
        Assert.Equal(column, refused.Column);
        Assert.NotEmpty(refused.Fix);
    }

    [Theory]
    [InlineData("1,a", "no INT8", "x[1]")]
    [InlineData("1,", "empty", "x[1]")]
    [InlineData("1,2.0", "without a point", "x[1]")]
    [InlineData("128,2", "from -128 to 127", "x[0]")]
    [InlineData("NaN,2", "no INT8", "x[0]")]
    [InlineData("1", "1 fields, but the header has 2", "x[1]")]
    [InlineData("1,2,3", "3 fields, but the header has 2", "field 3")]
    public async Task Row_Faulty_SaysWhyAndWhere_AndTheNextIsRead(string line, string reason, string? column)
    {
        var rows = await Reading.CsvAsync($"x[0],x[1]\n{line}\n-128,127\n", Signatures.Of(("x", "INT8", [2])));
        Assert.Contains(reason, rows[0].Faulty().Reason, StringComparison.Ordinal);
        Assert.Equal(column, rows[0].Faulty().Column);
        Assert.Equal([-128, 127], rows[1].Only().As<sbyte>());
    }

    [Fact]
    public async Task NotFinite_WhereItIsNotAllowed_IsTheRowsFault()
    {
        var rows = await Reading.CsvAsync("x\nNaN\n1", Signatures.Of(("x", "FP32", [])), new() { AllowNotFinite = false });
        Assert.Contains("not finite", rows[0].Faulty().Reason, StringComparison.Ordinal);
        Assert.Equal([1f], rows[1].Only().As<float>());
    }

    [Theory]
    [InlineData("FP32", "0.1", "CDCCCC3D")]
    [InlineData("FP32", "16777217.0000000001", "0100804B")]
    [InlineData("FP64", "0.1", "9A9999999999B93F")]
    [InlineData("FP16", "65504", "FF7B")]
    [InlineData("BF16", "1.00390625", "803F")]
    [InlineData("BF16", "1.003906250001", "813F")]
    [InlineData("UINT64", "18446744073709551615", "FFFFFFFFFFFFFFFF")]
    [InlineData("BOOL", "True", "01")]
    [InlineData("BYTES", "\"a,\"\"b\"\"\nc\"", "07000000612C2262220A63")]
    [InlineData("BYTES", "base64:/w==", "01000000FF")]
    public async Task Element_IsExactOrTheNearest(string datatype, string field, string bytes) =>
        Assert.Equal(bytes, Convert.ToHexString(Assert.Single(await Reading.CsvAsync($"x\n{field}\n", Signatures.Of(("x", datatype, [])))).Only().Data.Span));

    [Theory]
    [InlineData("FP32", "3.5e38", "beyond")]
    [InlineData("FP16", "65520", "beyond")]
    [InlineData("BF16", "3.4e38", "beyond")]
    [InlineData("UINT64", "18446744073709551616", "beyond")]
    [InlineData("BOOL", "yes", "true or false")]
    [InlineData("BYTES", "base64:?", "base64")]
    public async Task Element_ThatItsDatatypeCannotHold_IsAFault(string datatype, string field, string reason) => Assert.Contains(
        reason, Assert.Single(await Reading.CsvAsync($"x\n{field}\n", Signatures.Of(("x", datatype, [])))).Faulty().Reason, StringComparison.Ordinal);

    [Fact]
    public async Task File_BeyondALimit_IsRefused()
    {
        var signature = Signatures.Of(("x", "BYTES", []));
        var columns = await Assert.ThrowsAsync<InputFormatException>(
            () => Reading.CsvAsync(string.Join(',', Enumerable.Range(0, 1_000_000)) + "\n", Signatures.Of(("x", "FP32", [-1]))));
        Assert.Contains("1000000 columns, and 262144 are allowed", columns.Message, StringComparison.Ordinal);
        var row = await Assert.ThrowsAsync<InputFormatException>(
            () => Reading.CsvAsync("x\na\n" + new string('b', 2_000_000), signature, new() { MaxRowBytes = 1000 }));
        Assert.Equal(1, row.Row);
        Assert.Contains("1000 bytes", row.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await Reading.CsvAsync("x\na\n" + new string('b', 1000), signature, new() { MaxRowBytes = 1000 })).Count);
    }

    [Theory]
    [InlineData("x\na\n\"b")]
    [InlineData("x\na\n\"b\"c\n")]
    public async Task Quotes_Unbalanced_RefuseTheFile(string text) =>
        Assert.Equal(1, (await Assert.ThrowsAsync<InputFormatException>(() => Reading.CsvAsync(text, Signatures.Of(("x", "BYTES", []))))).Row);

    [Fact]
    public async Task File_NotInUtf8_IsRefused() => Assert.Equal(1, (await Assert.ThrowsAsync<InputFormatException>(
        () => Reading.AllAsync(RowFormats.Csv, [.. "x\na\n"u8, 0xC0, 0x20], Signatures.Of(("x", "BYTES", []))))).Row);

    [Fact]
    public async Task Writer_WritesColumnsAsTheyAreRead()
    {
        var y = new RowTensor("y", Datatype.Fp32, [2], new byte[] { 0, 0, 0, 63, 0, 0, 128, 63 });
        var file = await Writing.AllAsync(RowFormats.Csv, Signatures.Of(("x", "FP32", [1])), [new(0, "2.0.0", [y]), new(1, "2.0.0", [y])]);
        Assert.Equal("row,model_version,y[0],y[1]\n0,2.0.0,0.5,1\n1,2.0.0,0.5,1\n", Encoding.UTF8.GetString(file));
        Assert.Equal("row,model_version,y[0],y[1]\n", Encoding.UTF8.GetString(await Writing.AllAsync(RowFormats.Csv, Signatures.Of(("x", "FP32", [1])), [])));
        var uneven = await Assert.ThrowsAsync<InputFormatException>(() => Writing.AllAsync(
            RowFormats.Csv, Signatures.Of(("x", "FP32", [1])), [new(0, "2.0.0", [y]), new(1, "2.0.0", [y with { Shape = [1], Data = new byte[4] }])]));
        Assert.Equal((1, "y"), (uneven.Row, uneven.Column));
    }
}
