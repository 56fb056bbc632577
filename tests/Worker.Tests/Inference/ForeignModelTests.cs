using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Platform.Core.Batching;
using Platform.Worker.Serving;
using Platform.Worker.Tests.Support;

namespace Platform.Worker.Tests.Inference;

/// <summary>Models as others export them: free widths, state that goes in and out, scalars, texts, defaults, no batch.</summary>
public sealed class ForeignModelTests
{
    [Fact]
    public async Task Infer_ConvolutionWithFreeWidth_AnswersEveryWidth()
    {
        await using var host = await WorkerHost.StartAsync();
        // As recognisers of text are: one row of pixels of any width, a column of scores for every position.
        await host.LoadAsync("ocr", "1.0.0", new OnnxBuilder()
            .Input("image", OnnxBuilder.Float, ["batch", 1, 4, "width"]).Output("scores", OnnxBuilder.Float, ["batch", 2, 1, "positions"])
            .Floats("w", [2, 1, 4, 3], [.. Enumerable.Range(0, 24).Select(i => i % 5 / 4f)])
            .Node("Conv", ["image", "w"], ["scores"]).Build());

        foreach (var (batch, width) in new[] { (1, 3), (2, 7), (3, 100) })
        {
            var json = await AskAsync(host, "ocr", Input("image", "FP32", $"[{batch},1,4,{width}]", Enumerable.Repeat("1", batch * 4 * width)));
            Assert.Equal($"[{batch},2,1,{width - 2}]", json["outputs"]![0]!["shape"]!.ToJsonString());
            Assert.Equal(batch * 2 * (width - 2), json["outputs"]![0]!["data"]!.AsArray().Count);
        }
    }

    [Fact]
    public async Task Infer_RecurrentModel_TakesItsStateBackAndAScalarBeside()
    {
        await using var host = await WorkerHost.StartAsync();
        // As models of speech are: a piece of sound, the sampling rate as an int64 scalar, and the state of the last piece.
        await host.LoadAsync("vad", "1.0.0", new OnnxBuilder()
            .Input("input", OnnxBuilder.Float, ["batch", 2]).Input("state", OnnxBuilder.Int64, [2, "batch", 1]).Input("rate", OnnxBuilder.Int64, [])
            .Output("sum", OnnxBuilder.Float, ["batch", 1]).Output("next", OnnxBuilder.Int64, [2, "batch", 1]).Output("echo", OnnxBuilder.Int64, [])
            .Node("ReduceMax", ["input"], ["sum"], more: OnnxBuilder.Ints("axes", 1))
            .Node("Add", ["state", "rate"], ["next"])
            .Node("Identity", ["rate"], ["echo"]).Build());

        var state = "[0,0]";
        for (var piece = 1; piece <= 3; piece++)
        {
            var json = await AskAsync(
                host, "vad", Input("input", "FP32", "[1,2]", ["0.5", "0.25"]), Input("rate", "INT64", "[]", ["16000"]),
                $$"""{"name":"state","datatype":"INT64","shape":[2,1,1],"data":{{state}}}""");
            state = json["outputs"]![1]!["data"]!.ToJsonString();
            Assert.Equal($"[{piece * 16000},{piece * 16000}]", state);
            Assert.Equal("[]", json["outputs"]![2]!["shape"]!.ToJsonString());
        }

        Assert.Equal(BatchSafety.NoBatchDimension, SafetyOf(host, "vad"));
    }

    [Fact]
    public async Task Infer_OptionalInput_HasItsDefaultOrWhatIsGiven()
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", new OnnxBuilder()
            .Input("x", OnnxBuilder.Float, ["n", 1]).Input("factor", OnnxBuilder.Float, [1]).Output("y", OnnxBuilder.Float, ["n", 1])
            .Floats("factor", [1], [2]).Node("Mul", ["x", "factor"], ["y"]).Build());

        var byDefault = await AskAsync(host, "m", Input("x", "FP32", "[2,1]", ["1", "3"]));
        var given = await AskAsync(host, "m", Input("factor", "FP32", "[1]", ["10"]), Input("x", "FP32", "[2,1]", ["1", "3"]));
        var large = await AskAsync(host, "m", Input("x", "FP32", "[100,1]", Enumerable.Repeat("1", 100)), Input("factor", "FP32", "[1]", ["7"]));
        using var wrong = await host.InferAsync("m", "1.0.0", Body(Input("x", "FP32", "[1,1]", ["1"]), Input("factor", "FP32", "[2]", ["1", "1"])));

        Assert.Equal("[2,6]", byDefault["outputs"]![0]!["data"]!.ToJsonString());
        Assert.Equal("[10,30]", given["outputs"]![0]!["data"]!.ToJsonString());
        Assert.All(large["outputs"]![0]!["data"]!.AsArray(), value => Assert.Equal(7, (float)value!));
        Assert.Contains("unexpected shape for input 'factor'", await wrong.ErrorAsync(HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_ManyAtOnceWithAndWithoutOptionalInput_NeverMixesThem()
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", new OnnxBuilder()
            .Input("x", OnnxBuilder.Float, ["n", 1]).Input("factor", OnnxBuilder.Float, [1]).Output("y", OnnxBuilder.Float, ["n", 1])
            .Floats("factor", [1], [2]).Node("Mul", ["x", "factor"], ["y"]).Build());

        await Task.WhenAll(Enumerable.Range(1, 200).Select(async i =>
        {
            string[] inputs = i % 3 == 0 ? [Input("x", "FP32", "[1,1]", [$"{i}"]), Input("factor", "FP32", "[1]", ["5"])] : [Input("x", "FP32", "[1,1]", [$"{i}"])];
            var json = await AskAsync(host, "m", inputs);
            Assert.Equal(i * (i % 3 == 0 ? 5 : 2), (int)(float)json["outputs"]![0]!["data"]![0]!);
        }));
    }

    [Theory]
    [InlineData("FP32", "[]", "[5]", "[5]")]
    [InlineData("INT64", "[]", "[-5]", "[-5]")]
    [InlineData("BOOL", "[]", "[true]", "[true]")]
    [InlineData("BYTES", "[]", "[\"scalar\"]", "[\"scalar\"]")]
    public async Task Infer_Scalar_HasNoDimensions(string datatype, string shape, string data, string expected)
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", OnnxBuilder.Identity(datatype));

        var json = await AskAsync(host, "m", $$"""{"name":"x","datatype":"{{datatype}}","shape":{{shape}},"data":{{data}}}""");

        Assert.Equal((shape, expected), (json["outputs"]![0]!["shape"]!.ToJsonString(), json["outputs"]![0]!["data"]!.ToJsonString()));
    }

    [Theory]
    [InlineData("FP32", "[0,3]")]
    [InlineData("BYTES", "[2,0]")]
    public async Task Infer_EmptyTensor_IsATensor(string datatype, string shape)
    {
        await using var host = await WorkerHost.StartAsync();
        // Two names: no batch dimension, so nothing forbids a zero.
        await host.LoadAsync("m", "1.0.0", new OnnxBuilder()
            .Input("x", OnnxBuilder.ElementType(datatype), ["a", "b"]).Output("y", OnnxBuilder.ElementType(datatype), ["c", "b"])
            .Input("z", OnnxBuilder.Int64, []).Output("w", OnnxBuilder.Int64, [])
            .Node("Identity", ["x"], ["y"]).Node("Identity", ["z"], ["w"]).Build());

        var json = await AskAsync(host, "m", Input("x", datatype, shape, []), Input("z", "INT64", "[]", ["1"]));

        Assert.Equal((shape, "[]"), (json["outputs"]![0]!["shape"]!.ToJsonString(), json["outputs"]![0]!["data"]!.ToJsonString()));
    }

    [Fact]
    public async Task Infer_TextsOfAnyLengthAndAlphabet_ComeBackEach()
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", OnnxBuilder.Identity("BYTES", "batch", 2));
        string[] texts = ["", "a", "漢字", new string('x', 70_000), "\u0000", "emoji 🙂"];

        await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            string[] mine = [texts[i % texts.Length], $"{i}"];
            var data = new JsonArray([.. mine.Select(text => (JsonNode)text)]).ToJsonString();
            var json = await AskAsync(host, "m", $$"""{"name":"x","datatype":"BYTES","shape":[1,2],"data":{{data}}}""");
            Assert.Equal(mine, json["outputs"]![0]!["data"]!.AsArray().Select(text => (string)text!));
        }));
    }

    [Fact]
    public async Task Infer_FirstDimensionFixed_IsNeverBatched()
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", OnnxBuilder.Identity("FP32", 2, "n"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => AskAsync(host, "m", Input("x", "FP32", "[2,1]", [$"{i}", "0"]))));

        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"[{i},0]"), answers.Select(json => json["outputs"]![0]!["data"]!.ToJsonString()));
        Assert.Equal(BatchSafety.NoBatchDimension, SafetyOf(host, "m"));
    }

    private static BatchSafety SafetyOf(WorkerHost host, string model) =>
        host.Services.GetRequiredService<ServedVersions>().All.Single(version => version.Id.Model == model).Profile.Safety;

    private static async Task<JsonNode> AskAsync(WorkerHost host, string model, params string[] inputs)
    {
        using var response = await host.InferAsync(model, "1.0.0", Body(inputs));
        return await response.JsonAsync();
    }

    private static string Body(params string[] inputs) => $$"""{"inputs":[{{string.Join(',', inputs)}}]}""";

    private static string Input(string name, string datatype, string shape, IEnumerable<string> data) =>
        $$"""{"name":"{{name}}","datatype":"{{datatype}}","shape":{{shape}},"data":[{{string.Join(',', data)}}]}""";
}
