using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Platform.Worker.Tests.Support;

namespace Platform.Worker.Tests.Inference;

public sealed class DigitsTests
{
    private const double Tolerance = 1e-5;
    private static readonly float[][] Images = Digits.Images();

    [Theory]
    [InlineData("1.1.0", 1)]
    [InlineData("2.0.0", 1)]
    [InlineData("1.0.0", 32)]
    [InlineData("2.0.0", 32)]
    public async Task Infer_AllTestImagesAsJson_EqualsOnnxRuntime(string version, int groupSize)
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("digits", version, Digits.Model(version));
        using var reference = new InferenceSession(Digits.Model(version));
        foreach (var group in Images.Chunk(groupSize))
        {
            using var response = await host.InferAsync("digits", version, Json(group));
            var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(response.StatusCode == HttpStatusCode.OK, body);
            using var json = JsonDocument.Parse(body);
            var data = json.RootElement.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(value => value.GetSingle()).ToArray();
            AssertEqual(Reference(reference, group), data);
        }
    }

    [Theory]
    [InlineData("1.1.0", 1)]
    [InlineData("2.0.0", 32)]
    public async Task Infer_AllTestImagesInBinary_EqualsOnnxRuntime(string version, int groupSize)
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("digits", version, Digits.Model(version));
        using var reference = new InferenceSession(Digits.Model(version));
        foreach (var group in Images.Chunk(groupSize))
        {
            var pixels = MemoryMarshal.AsBytes<float>(group.SelectMany(image => image).ToArray()).ToArray();
            using var content = WorkerHost.Binary(
                $$"""{"inputs":[{"name":"image","shape":[{{group.Length}},1,28,28],"datatype":"FP32","parameters":{"binary_data_size":{{pixels.Length}} } }],"parameters":{"binary_data_output":true} }""",
                pixels);
            using var response = await host.InferAsync("digits", version, content);
            var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var header = int.Parse(response.Headers.GetValues("Inference-Header-Content-Length").Single(), CultureInfo.InvariantCulture);
            AssertEqual(Reference(reference, group), MemoryMarshal.Cast<byte, float>(body.AsSpan(header)).ToArray());
        }
    }

    [Fact]
    public async Task Infer_FaultyModel_AnswersAtBatchOneAndNamesTheFaultAbove()
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("digits", "2.3.0-faulty", Digits.Model("2.3.0-faulty"));
        using var one = await host.InferAsync("digits", "2.3.0-faulty", Json(Images[..1]));
        Assert.Equal(HttpStatusCode.OK, one.StatusCode);
        using var two = await host.InferAsync("digits", "2.3.0-faulty", Json(Images[..2]));
        Assert.Equal(HttpStatusCode.InternalServerError, two.StatusCode);
        var body = await two.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("model 'digits' version '2.3.0-faulty' failed to run", body, StringComparison.Ordinal);
        Assert.Contains("while running", body, StringComparison.Ordinal);
    }

    public static string Json(float[][] group) =>
        $$"""{"inputs":[{"name":"image","shape":[{{group.Length}},1,28,28],"datatype":"FP32","data":[{{string.Join(',', group.SelectMany(image => image).Select(pixel => pixel.ToString(CultureInfo.InvariantCulture)))}}]}]}""";

    private static float[] Reference(InferenceSession session, float[][] group)
    {
        var pixels = group.SelectMany(image => image).ToArray();
        using var input = OrtValue.CreateTensorValueFromMemory(pixels, [group.Length, 1, 28, 28]);
        using var options = new RunOptions();
        using var outputs = session.Run(options, ["image"], [input], ["probabilities"]);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    private static void AssertEqual(float[] expected, float[] given)
    {
        Assert.Equal(expected.Length, given.Length);
        for (var i = 0; i < expected.Length; i++) Assert.True(Math.Abs(expected[i] - given[i]) <= Tolerance, $"{i}: {expected[i]} and {given[i]}");
    }
}
