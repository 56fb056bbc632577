using System.Net;
using Platform.Worker.Tests.Support;

namespace Platform.Worker.Tests.Inference;

public sealed class ClassificationTests
{
    [Fact]
    public async Task Infer_Classification_GivesTheHighestOfEachItemWithTheirLabels()
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", Scores("FP32", "zero\none\n"));

        Assert.Equal(
            """{"name":"y","datatype":"BYTES","shape":[2,2],"data":["0.500000:1:one","0.250000:0:zero","7.000000:2","-1.000000:0:zero"]}""",
            await AnswerAsync(host, 2, "[2,3]", "FP32", "[0.25,0.5,0.1,-1,-2,7]"));
    }

    [Theory]
    [InlineData("INT64", "[3,3,9]", """["9:2","3:0","3:1"]""")]
    [InlineData("FP32", "[NaN,1,2]", """["2.000000:2","1.000000:1","NaN:0"]""")]
    [InlineData("UINT8", "[255,0,1]", """["255:0","1:2","0:1"]""")]
    public async Task Infer_MoreClassesThanThereAre_GivesAllInOrder(string datatype, string data, string expected)
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", Scores(datatype, null));

        Assert.Contains($"\"shape\":[1,3],\"data\":{expected}", await AnswerAsync(host, 10, "[1,3]", datatype, data), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_ModelWithoutABatchDimension_GivesOneListForAll()
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", OnnxBuilder.Identity("FP32", 2, 2));

        Assert.Contains("\"shape\":[1],\"data\":[\"9.000000:2\"]", await AnswerAsync(host, 1, "[2,2]", "FP32", "[1,2,9,3]"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_ClassificationOfText_IsRefused()
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", OnnxBuilder.Identity("BYTES", "n"));
        using var response = await host.InferAsync("m", "1.0.0", Request(1, "[1]", "BYTES", "[\"a\"]"));

        Assert.Contains("class result not available for output 'y'", await response.ErrorAsync(HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_NegativeClassification_IsRefused()
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", Scores("FP32", null));
        using var response = await host.InferAsync("m", "1.0.0", Request(-1, "[1,3]", "FP32", "[1,2,3]"));

        Assert.Contains("classification is negative", await response.ErrorAsync(HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    private static async Task<string> AnswerAsync(WorkerHost host, int classes, string shape, string datatype, string data)
    {
        using var response = await host.InferAsync("m", "1.0.0", Request(classes, shape, datatype, data));
        return (await response.JsonAsync())["outputs"]![0]!.ToJsonString();
    }

    private static string Request(int classes, string shape, string datatype, string data) =>
        $$"""{"inputs":[{"name":"x","shape":{{shape}},"datatype":"{{datatype}}","data":{{data}}}],"outputs":[{"name":"y","parameters":{"classification":{{classes}} } }]}""";

    private static byte[] Scores(string datatype, string? labels) => new OnnxBuilder { Labels = labels }
        .Input("x", OnnxBuilder.ElementType(datatype), ["n", 3]).Output("y", OnnxBuilder.ElementType(datatype), ["n", 3])
        .Node("Identity", ["x"], ["y"]).Build();
}
