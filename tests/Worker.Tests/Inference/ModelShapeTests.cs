using System.Net;
using System.Text.Json.Nodes;
using Platform.Worker.Tests.Support;

namespace Platform.Worker.Tests.Inference;

public sealed class ModelShapeTests
{
    [Fact]
    public async Task Infer_SeveralInputsAndOutputs_GivesWhatWasAskedForInThatOrder()
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", SumAndDifference());
        const string inputs = """
            "inputs":[{"name":"b","shape":[2,2],"datatype":"FP32","data":[1,2,3,4]},{"name":"a","shape":[2,2],"datatype":"FP32","data":[[10,20],[30,40]]}]
            """;
        using var all = await host.InferAsync("m", "1.0.0", "{" + inputs + "}");
        Assert.Equal(["sum", "difference"], Names(await all.JsonAsync()));
        using var chosen = await host.InferAsync("m", "1.0.0", "{" + inputs + ""","outputs":[{"name":"difference"},{"name":"sum"}]}""");
        var json = await chosen.JsonAsync();
        Assert.Equal(["difference", "sum"], Names(json));
        Assert.Equal("[9,18,27,36]", json["outputs"]![0]!["data"]!.ToJsonString());
        Assert.Equal("2", chosen.Headers.GetValues("X-Batch-Size").Single());
    }

    [Fact]
    public async Task Infer_OneOutputInBinaryAndOneInJson_GivesBoth()
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", SumAndDifference());
        using var response = await host.InferAsync("m", "1.0.0",
            """{"inputs":[{"name":"a","shape":[1,2],"datatype":"FP32","data":[1,2]},{"name":"b","shape":[1,2],"datatype":"FP32","data":[3,4]}],"parameters":{"binary_data_output":true},"outputs":[{"name":"difference","parameters":{"binary_data":false}},{"name":"sum"}]}""");
        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var json = JsonNode.Parse(body.AsSpan(..^8))!;
        Assert.Equal("[-2,-2]", json["outputs"]![0]!["data"]!.ToJsonString());
        Assert.Equal([4f, 6f], new[] { BitConverter.ToSingle(body.AsSpan(^8)), BitConverter.ToSingle(body.AsSpan(^4)) });
    }

    [Fact]
    public async Task Infer_Scalar_NeedsNoDimension()
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", OnnxBuilder.Identity("FP32"));
        using var response = await host.InferAsync("m", "1.0.0", """{"inputs":[{"name":"x","shape":[],"datatype":"FP32","data":[2.5]}]}""");
        Assert.Equal("""{"name":"y","datatype":"FP32","shape":[],"data":[2.5]}""", (await response.JsonAsync())["outputs"]![0]!.ToJsonString());
    }

    [Fact]
    public async Task Infer_NoShapeDeclared_TakesAny()
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", new OnnxBuilder()
            .Input("x", OnnxBuilder.Float, null).Output("y", OnnxBuilder.Float, null).Node("Neg", ["x"], ["y"]).Build());
        using var response = await host.InferAsync("m", "1.0.0", """{"inputs":[{"name":"x","shape":[1,2,1],"datatype":"FP32","data":[[[1],[2]]]}]}""");
        Assert.Equal("""{"name":"y","datatype":"FP32","shape":[1,2,1],"data":[-1,-2]}""", (await response.JsonAsync())["outputs"]![0]!.ToJsonString());
    }

    [Fact]
    public async Task Infer_EmptyTensor_GivesAnEmptyAnswerWithoutBinary()
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", OnnxBuilder.Identity("FP32", 2, "n"));
        using var response = await host.InferAsync("m", "1.0.0",
            """{"inputs":[{"name":"x","shape":[2,0],"datatype":"FP32","data":[[],[]]}],"parameters":{"binary_data_output":true}}""");
        Assert.False(response.Headers.Contains("Inference-Header-Content-Length"));
        Assert.Equal("[2,0]", (await response.JsonAsync())["outputs"]![0]!["shape"]!.ToJsonString());
    }

    [Fact]
    public async Task Infer_Raw_TakesTheBodyAsTheTensor()
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", OnnxBuilder.Identity("BYTES", "n"));
        using var content = new ByteArrayContent("hello"u8.ToArray());
        content.Headers.Add("Inference-Header-Content-Length", "0");
        using var response = await host.InferAsync("m", "1.0.0", content);
        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([5, 0, 0, 0, .. "hello"u8], body[^9..]);
    }

    [Fact]
    public async Task Infer_FaultInsideTheGraph_NamesTheModel()
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", new OnnxBuilder()
            .Input("a", OnnxBuilder.Float, ["n", "k"]).Input("b", OnnxBuilder.Float, ["k", "m"]).Output("y", OnnxBuilder.Float, ["n", "m"])
            .Node("MatMul", ["a", "b"], ["y"]).Build());
        using var response = await host.InferAsync("m", "1.0.0",
            """{"inputs":[{"name":"a","shape":[1,2],"datatype":"FP32","data":[1,2]},{"name":"b","shape":[3,1],"datatype":"FP32","data":[1,2,3]}]}""");
        Assert.Contains("model 'm' version '1.0.0' failed to run", await response.ErrorAsync(HttpStatusCode.InternalServerError), StringComparison.Ordinal);
    }

    private static byte[] SumAndDifference() => new OnnxBuilder()
        .Input("a", OnnxBuilder.Float, ["n", 2])
        .Input("b", OnnxBuilder.Float, ["n", 2])
        .Output("sum", OnnxBuilder.Float, ["n", 2])
        .Output("difference", OnnxBuilder.Float, ["n", 2])
        .Node("Add", ["a", "b"], ["sum"])
        .Node("Sub", ["a", "b"], ["difference"])
        .Build();

    private static IEnumerable<string> Names(JsonNode json) => json["outputs"]!.AsArray().Select(output => (string)output!["name"]!);
}
