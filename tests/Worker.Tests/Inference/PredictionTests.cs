using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using Platform.Core.Quality;
using Platform.Core.Serving;
using Platform.SharedState.Workers;
using Platform.Worker.Tests.Support;

namespace Platform.Worker.Tests.Inference;

public sealed class PredictionTests
{
    [Fact]
    public async Task Digits_SayTheirClassesAndConfidenceInAHeader()
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("digits", "2.0.0", Digits.Model("2.0.0"));
        var images = Digits.Images()[..3];
        var pixels = MemoryMarshal.AsBytes<float>(images.SelectMany(image => image).ToArray()).ToArray();
        using var content = WorkerHost.Binary(
            $$"""{"id":"mine","inputs":[{"name":"image","shape":[3,1,28,28],"datatype":"FP32","parameters":{"binary_data_size":{{pixels.Length}} } }]}""", pixels);
        using var response = await host.InferAsync("digits", "2.0.0", content);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var scores = json.RootElement.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(value => value.GetDouble()).Chunk(10).ToArray();

        var predicted = Predicted(response)!;

        Assert.Equal((FeedbackKind.Argmax, "mine"), (predicted.Kind, predicted.Id));
        Assert.Equal(scores.Select(item => (double)Array.IndexOf(item, item.Max())), predicted.Items.Select(item => item.Value));
        Assert.All(scores.Zip(predicted.Items), pair => Assert.Equal(pair.First.Max(), pair.Second.Confidence!.Value, 1e-4));
        Assert.Equal(3, predicted.Mass.Sum(), 1e-3);
    }

    [Theory]
    [InlineData("[0.2,0.7,0.1]", 3, 1, 0.7, true)]
    [InlineData("[2.0,9.5,-3.0]", 3, 1, null, true)]
    [InlineData("[0.2,0.8]", 2, 1, 0.8, true)]
    [InlineData("[0.5]", 1, 0.5, null, true)]
    public async Task Output_IsReadAsFitsIt(string data, int width, double value, double? confidence, bool isFinite) =>
        AssertItem(value, confidence, isFinite, await AskAsync(OnnxBuilder.Identity("FP32", "n", width), data, width, null));

    [Theory]
    [InlineData("[0.2]", 1, 0.3, 0, 0.8)]
    [InlineData("[0.3]", 1, 0.3, 1, 0.3)]
    [InlineData("[0.1,0.9]", 2, 0.5, 1, 0.9)]
    public async Task Threshold_DecidesBetweenTwoClasses(string data, int width, double threshold, double value, double confidence) => AssertItem(
        value, confidence, true,
        await AskAsync(OnnxBuilder.Identity("FP32", "n", width), data, width, new FeedbackConfig(As: FeedbackKind.Threshold, Threshold: threshold)));

    [Fact]
    public async Task Feedback_ThatIsSwitchedOff_LeavesTheHeaderOut() =>
        Assert.Null(await AskAsync(OnnxBuilder.Identity("FP32", "n", 3), "[0.2,0.7,0.1]", 3, new FeedbackConfig(Sample: 0)));

    [Fact]
    public async Task Output_ThatTheClientDidNotAskFor_IsReadAllTheSame()
    {
        var model = new OnnxBuilder().Input("x", OnnxBuilder.Float, ["n", 3]).Output("y", OnnxBuilder.Float, ["n", 3]).Output("z", OnnxBuilder.Float, ["n", 3])
            .Node("Identity", ["x"], ["y"]).Node("Neg", ["x"], ["z"]).Build();
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", model);

        using var response = await host.InferAsync(
            "m", "1.0.0", """{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[0.2,0.7,0.1]}],"outputs":[{"name":"z"}]}""");

        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["z"], json.RootElement.GetProperty("outputs").EnumerateArray().Select(output => output.GetProperty("name").GetString()));
        AssertItem(1, 0.7, true, Predicted(response));
    }

    [Fact]
    public async Task Answer_ThatIsNoNumber_IsMarked()
    {
        // The square root of a negative number.
        var model = new OnnxBuilder().Input("x", OnnxBuilder.Float, ["n", 3]).Output("y", OnnxBuilder.Float, ["n", 3]).Node("Sqrt", ["x"], ["y"]).Build();

        AssertItem(2, null, false, await AskAsync(model, "[-1,0.25,0.5]", 3, null));
        AssertItem(-1, null, false, await AskAsync(model, "[-1,-1,-1]", 3, null));
    }

    private static async Task<PredictedAnswer?> AskAsync(byte[] model, string data, int width, FeedbackConfig? feedback)
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", model, new DeploymentConfig(Feedback: feedback));
        using var response = await host.InferAsync(
            "m", "1.0.0",
            $$"""{"inputs":[{"name":"x","shape":[1,{{width}}],"datatype":"FP32","data":{{data}}}],"parameters":{"binary_data_output":true} }""");
        Assert.True(response.StatusCode == HttpStatusCode.OK, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return Predicted(response);
    }

    private static PredictedAnswer? Predicted(HttpResponseMessage response) =>
        response.Headers.TryGetValues(WorkerProtocol.PredictionsHeader, out var values) ? PredictionCodec.Decode(values.Single()) : null;

    private static void AssertItem(double value, double? confidence, bool isFinite, PredictedAnswer? predicted)
    {
        var item = Assert.Single(predicted!.Items);
        Assert.Equal((value, isFinite, confidence is null), (item.Value, item.IsFinite, item.Confidence is null));
        Assert.Equal(confidence ?? 0, item.Confidence ?? 0, 1e-4);
    }
}
