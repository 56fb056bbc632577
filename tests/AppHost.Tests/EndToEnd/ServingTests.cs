using System.Net;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

[assembly: AssemblyFixture(typeof(Platform.AppHost.Tests.EndToEnd.SharedPlatform))]

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>One platform for all tests that break nothing.</summary>
public sealed class SharedPlatform : IAsyncLifetime
{
    public RunningPlatform Platform { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Platform = await RunningPlatform.StartAsync("--Alerts:AllowPrivateTargets=true");

    public ValueTask DisposeAsync() => Platform?.DisposeAsync() ?? ValueTask.CompletedTask;
}

public sealed class ServingTests(SharedPlatform shared)
{
    private readonly HttpClient api = shared.Platform.Api;
    private readonly string model = $"m-{Guid.NewGuid():n}";

    [Fact]
    public async Task Answers_ForAllTestImages_EqualOnnxRuntimesOwn()
    {
        await DigitsData.DeployAsync(api, model, "2.0.0", "2.0.0");
        using var session = new InferenceSession(DigitsData.ModelPath("2.0.0"));
        var expected = Enumerable.Range(0, DigitsData.Count).Select(index => RunDirectly(session, index)).ToArray();

        var correct = 0;
        for (var index = 0; index < DigitsData.Count; index++)
        {
            var probabilities = await DigitsData.InferAsync(api, model, index, 1);
            AssertClose(expected[index], probabilities, index);
            if (Array.IndexOf(probabilities, probabilities.Max()) == DigitsData.Label(index)) correct++;
        }

        foreach (var size in (int[])[2, 7, 32, 500])
        {
            for (var first = 0; first < DigitsData.Count; first += size)
            {
                var count = Math.Min(size, DigitsData.Count - first);
                var probabilities = await DigitsData.InferAsync(api, model, first, count);
                for (var i = 0; i < count; i++)
                    AssertClose(expected[first + i], probabilities.AsSpan(i * DigitsData.Classes, DigitsData.Classes), first + i);
            }
        }

        Assert.Equal(0.9835, correct / (double)DigitsData.Count, tolerance: 1e-9);
    }

    [Fact]
    public async Task Version_InThePath_AnswersBesideTheOneInProduction()
    {
        await DigitsData.DeployAsync(api, model, "1.0.0", "1.0.0");
        await DigitsData.DeployAsync(api, model, "2.0.0", "2.0.0");

        using var production = await api.PostAsync($"/v2/models/{model}/infer", DigitsData.Request(0, 1));
        using var named = await api.PostAsync($"/v2/models/{model}/versions/1.0.0/infer", DigitsData.Request(0, 1));
        using var unknown = await api.PostAsync($"/v2/models/{model}/versions/3.0.0/infer", DigitsData.Request(0, 1));

        Assert.Equal(("2.0.0", "stable"), (Header(production, "X-Model-Version"), Header(production, "X-Route")));
        Assert.Equal("1.0.0", Header(named, "X-Model-Version"));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Metadata_SaysWhatTheGraphSays()
    {
        await DigitsData.DeployAsync(api, model, "2.0.0", "2.0.0");

        var metadata = await api.SendJsonAsync(HttpMethod.Get, $"/v2/models/{model}", null);
        var version = await api.SendJsonAsync(HttpMethod.Get, $"/v1/models/{model}/versions/2.0.0", null);
        using var ready = await api.GetAsync($"/v2/models/{model}/ready");

        Assert.Equal(model, metadata.GetProperty("name").GetString());
        Assert.Equal("2.0.0", metadata.GetProperty("versions")[0].GetString());
        Assert.Equal("""{"name":"image","datatype":"FP32","shape":[-1,1,28,28]}""", metadata.GetProperty("inputs")[0].GetRawText());
        Assert.Equal("""{"name":"probabilities","datatype":"FP32","shape":[-1,10]}""", metadata.GetProperty("outputs")[0].GetRawText());
        Assert.Equal("deployed", version.GetProperty("stage").GetString());
        Assert.Equal(64, version.GetProperty("artifact").GetProperty("sha256").GetString()!.Length);
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
    }

    [Fact]
    public async Task RequestId_IsTheClientsOwnOrOneMadeHere()
    {
        await DigitsData.DeployAsync(api, model, "1.0.0", "1.0.0");

        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v2/models/{model}/infer") { Content = DigitsData.Request(0, 1) };
        request.Headers.Add("X-Request-Id", "mine");
        using var own = await api.SendAsync(request);
        using var made = await api.PostAsync($"/v2/models/{model}/infer", DigitsData.Request(0, 1));

        Assert.Equal("mine", Header(own, "X-Request-Id"));
        Assert.Equal("mine", JsonSerializer.Deserialize<JsonElement>(await own.Content.ReadAsStringAsync()).GetProperty("id").GetString());
        Assert.NotEmpty(Header(made, "X-Request-Id"));
    }

    private static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();

    private static float[] RunDirectly(InferenceSession session, int index)
    {
        var input = NamedOnnxValue.CreateFromTensor("image", new DenseTensor<float>(DigitsData.Inputs(index, 1), [1, 1, 28, 28]));
        using var outputs = session.Run([input]);
        return [.. outputs[0].AsEnumerable<float>()];
    }

    private static void AssertClose(float[] expected, ReadOnlySpan<float> actual, int index)
    {
        for (var i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-5, $"Image {index}, class {i}: {actual[i]} instead of {expected[i]}.");
    }
}
