using System.Text;
using Platform.Worker.Inference.Codec;
using Platform.Worker.Tensors;
using Platform.Worker.Tests.Support;

namespace Platform.Worker.Tests.Codec;

public sealed class BinaryInputTests
{
    private static readonly ModelInterface Matrix = Decoding.Model(("x", "FP32", [-1, 2]));
    private static readonly ModelInterface Strings = Decoding.Model(("s", "BYTES", [-1]));
    private static readonly ModelInterface Mixed = Decoding.Model(("a", "INT8", [-1, 3]), ("b", "FP64", [-1, 1]), ("c", "INT32", [-1, 1]));

    [Fact]
    public async Task Read_JsonBetweenBinaryOnOddAddresses_GivesAllValues()
    {
        var json = """{"inputs":[{"name":"a","shape":[1,3],"datatype":"INT8","parameters":{"binary_data_size":3}},{"name":"c","shape":[1,1],"datatype":"INT32","data":[7]},{"name":"b","shape":[1,1],"datatype":"FP64","parameters":{"binary_data_size":8}}]}"""u8.ToArray();
        byte[] content = [.. json, 1, 2, 255, .. BitConverter.GetBytes(2.5)];
        var values = await Decoding.ReadAsync(
            Mixed, content, json.Length, request => (request.Inputs[0].As<sbyte>()[2], request.Inputs[1].As<double>()[0], request.Inputs[2].As<int>()[0]));
        Assert.Equal(((sbyte)-1, 2.5, 7), values);
    }

    [Fact]
    public async Task Read_FirstBinaryTensor_LiesAligned()
    {
        var json = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","parameters":{"binary_data_size":8}}]}"""u8.ToArray();
        var address = await Decoding.ReadAsync(Matrix, [.. json, .. new byte[8]], json.Length, request => request.Inputs[0].Address);
        Assert.Equal(0, address % PinnedBuffer.Alignment);
    }

    [Theory]
    [InlineData(8, 8, 4, "input byte size mismatch for input 'x' for model 'm'. Expected 8, got 4")]
    [InlineData(8, 12, 8, "unexpected additional input data for model 'm': 4 bytes are left over")]
    [InlineData(8, 5, 8, "unexpected size for input 'x', expecting 3 additional bytes for model 'm'")]
    public async Task Read_SizesThatDisagree_SaysWhich(int shapeBytes, int sentBytes, int declaredBytes, string expected)
    {
        var json = Encoding.UTF8.GetBytes($$"""{"inputs":[{"name":"x","shape":[1,{{shapeBytes / 4}}],"datatype":"FP32","parameters":{"binary_data_size":{{declaredBytes}} } }]}""");
        var refusal = await Assert.ThrowsAsync<RequestException>(() => Decoding.ReadAsync(Matrix, [.. json, .. new byte[sentBytes]], json.Length, _ => 0));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 1, 0, 0, 0, 65, 0, 0, 0, 0 }, null)]
    [InlineData(new byte[] { 1, 0, 0, 0, 65 }, "unexpected number of string elements 1 for inference input 's' for model 'm', expecting 2")]
    [InlineData(new byte[] { 1, 0, 0, 0, 65, 9, 0, 0, 0 }, "incomplete string length")]
    [InlineData(new byte[] { 255, 255, 255, 255, 65 }, "incomplete string length")]
    [InlineData(new byte[] { 1, 0 }, "incomplete string length")]
    public async Task Read_Strings_AreCheckedBeforeUse(byte[] content, string? expected)
    {
        var json = Encoding.UTF8.GetBytes($$"""{"inputs":[{"name":"s","shape":[2],"datatype":"BYTES","parameters":{"binary_data_size":{{content.Length}} } }]}""");
        var read = () => Decoding.ReadAsync(Strings, [.. json, .. content], json.Length, request => request.Inputs[0].Length);
        if (expected is null) Assert.Equal(content.Length, await read());
        else Assert.Contains(expected, (await Assert.ThrowsAsync<RequestException>(read)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_Raw_TakesTheBodyAsTheOnlyInput()
    {
        byte[] content = [.. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(2f)];
        var (shape, isBinary) = await Decoding.ReadAsync(Matrix, content, 0, request => (request.Inputs[0].Shape, request.Outputs.All(output => output.IsBinary)));
        Assert.Equal([1, 2], shape);
        Assert.True(isBinary);
    }

    [Theory]
    [InlineData(12, "Expected 8, got 12")]
    [InlineData(0, "Expected 8, got 0")]
    public async Task Read_RawOfAnotherSize_IsRefused(int bytes, string expected)
    {
        var refusal = await Assert.ThrowsAsync<RequestException>(() => Decoding.ReadAsync(Matrix, new byte[bytes], 0, _ => 0));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("many")]
    [InlineData("1000")]
    public async Task ReadAsync_HeaderLengthThatCannotBe_IsRefused(string header)
    {
        var context = new Microsoft.AspNetCore.Http.DefaultHttpContext();
        context.Request.Body = new MemoryStream(new byte[10]);
        context.Request.Headers[RequestBody.HeaderLengthHeader] = header;
        var refusal = await Assert.ThrowsAsync<RequestException>(() => RequestBody.ReadAsync(context.Request, 100, TestContext.Current.CancellationToken));
        Assert.Equal(400, refusal.Status);
    }
}
