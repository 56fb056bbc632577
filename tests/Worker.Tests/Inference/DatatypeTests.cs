using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Platform.Worker.Tests.Support;

namespace Platform.Worker.Tests.Inference;

public sealed class DatatypeTests
{
    [Theory]
    [InlineData("BOOL", "[true,false,true]")]
    [InlineData("UINT8", "[0,1,255]")]
    [InlineData("UINT16", "[0,1,65535]")]
    [InlineData("UINT32", "[0,1,4294967295]")]
    [InlineData("UINT64", "[0,1,18446744073709551615]")]
    [InlineData("INT8", "[-128,0,127]")]
    [InlineData("INT16", "[-32768,0,32767]")]
    [InlineData("INT32", "[-2147483648,0,2147483647]")]
    [InlineData("INT64", "[-9223372036854775808,0,9223372036854775807]")]
    [InlineData("FP32", "[-1.5,0.1,3.4028235E+38]")]
    [InlineData("FP32", "[NaN,Infinity,-Infinity]")]
    [InlineData("FP64", "[-1.5,0.1,1.7976931348623157E+308]")]
    [InlineData("BYTES", """["","abc","\"\\\n漢é"]""")]
    public async Task Infer_IdentityInJson_GivesTheSameBack(string datatype, string data)
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", OnnxBuilder.Identity(datatype, "n"));
        using var response = await host.InferAsync("m", "1.0.0", $$"""{"inputs":[{"name":"x","shape":[3],"datatype":"{{datatype}}","data":{{data}}}]}""");
        Assert.Equal($$"""{"model_name":"m","model_version":"1.0.0","outputs":[{"name":"y","datatype":"{{datatype}}","shape":[3],"data":{{data}}}]}""", await response.TextAsync());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("BOOL", 1)]
    [InlineData("UINT8", 1)]
    [InlineData("INT16", 2)]
    [InlineData("FP16", 2)]
    [InlineData("BF16", 2)]
    [InlineData("UINT32", 4)]
    [InlineData("FP32", 4)]
    [InlineData("INT64", 8)]
    [InlineData("FP64", 8)]
    [InlineData("BYTES", 0)]
    public async Task Infer_IdentityInBinary_GivesTheSameBack(string datatype, int bytes)
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", OnnxBuilder.Identity(datatype, "n"));
        byte[] tensor = bytes == 0 ? [2, 0, 0, 0, 0xFF, 0, 0, 0, 0, 0] : [.. Enumerable.Range(0, 2 * bytes).Select(i => (byte)(i % 2))];
        using var content = WorkerHost.Binary(
            $$"""{"inputs":[{"name":"x","shape":[2],"datatype":"{{datatype}}","parameters":{"binary_data_size":{{tensor.Length}} } }],"outputs":[{"name":"y","parameters":{"binary_data":true} }]}""",
            tensor);
        using var response = await host.InferAsync("m", "1.0.0", content);
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType!.MediaType);
        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var header = int.Parse(response.Headers.GetValues("Inference-Header-Content-Length").Single(), CultureInfo.InvariantCulture);
        Assert.Equal(tensor, body[header..]);
        var output = JsonNode.Parse(body.AsSpan(0, header))!["outputs"]![0]!;
        Assert.Equal(tensor.Length, (int)output["parameters"]!["binary_data_size"]!);
        Assert.Null(output["data"]);
    }

    [Theory]
    [InlineData("FP16")]
    [InlineData("BF16")]
    public async Task Infer_HalvesInJson_AreRefusedBothWays(string datatype)
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", OnnxBuilder.Identity(datatype, "n"));
        using var given = await host.InferAsync("m", "1.0.0", $$"""{"inputs":[{"name":"x","shape":[1],"datatype":"{{datatype}}","data":[1]}]}""");
        Assert.Contains($"receiving {datatype} data via JSON is not supported", await given.ErrorAsync(HttpStatusCode.BadRequest), StringComparison.Ordinal);
        using var content = WorkerHost.Binary(
            $$"""{"inputs":[{"name":"x","shape":[1],"datatype":"{{datatype}}","parameters":{"binary_data_size":2} }]}""", [0, 0]);
        using var asked = await host.InferAsync("m", "1.0.0", content);
        Assert.Contains($"sending {datatype} data via JSON is not supported", await asked.ErrorAsync(HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("BOOL", "2")]
    [InlineData("UINT8", "256")]
    [InlineData("INT32", "1.5")]
    [InlineData("INT64", "9223372036854775808")]
    [InlineData("BYTES", "5")]
    [InlineData("FP64", "\"1\"")]
    public async Task Infer_ElementOutOfRange_IsRefused(string datatype, string element)
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", OnnxBuilder.Identity(datatype, "n"));
        using var response = await host.InferAsync("m", "1.0.0", $$"""{"inputs":[{"name":"x","shape":[1],"datatype":"{{datatype}}","data":[{{element}}]}]}""");
        Assert.Contains("failed to parse the request JSON buffer", await response.ErrorAsync(HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_BytesThatAreNoTextInJson_IsRefused()
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", OnnxBuilder.Identity("BYTES", "n"));
        using var content = WorkerHost.Binary("""{"inputs":[{"name":"x","shape":[1],"datatype":"BYTES","parameters":{"binary_data_size":5}}]}""", [1, 0, 0, 0, 0xFF]);
        using var response = await host.InferAsync("m", "1.0.0", content);
        Assert.Contains("not UTF-8 text", await response.ErrorAsync(HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }
}
