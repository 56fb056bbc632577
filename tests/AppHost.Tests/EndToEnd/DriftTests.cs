using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>Clean images are as the reference was; dimmed and inverted ones are not.</summary>
public sealed class DriftTests(SharedPlatform shared)
{
    private const int Batch = 100;
    private const int Window = 600;
    private readonly HttpClient api = shared.Platform.Api;
    private readonly string model = $"m-{Guid.NewGuid():n}";

    [Fact]
    public async Task Images_LikeTheDatasetOfTheValidation_DoNotDrift()
    {
        await DeployAsync(isValidated: true);

        var drift = await SendUntilSeenAsync(pixel => pixel);
        Assert.Equal(("no_drift", "validation_dataset", 2000), (Verdict(drift), Text(drift.GetProperty("reference"), "source"), Number(drift.GetProperty("reference"), "items")));
        Assert.Equal(
            ["image.mean", "image.contrast", "image.brightness"], drift.GetProperty("inputs").EnumerateArray().Select(feature => Text(feature, "feature")));
        Assert.Equal(
            ["probabilities.class", "probabilities.confidence"], drift.GetProperty("outputs").EnumerateArray().Select(feature => Text(feature, "feature")));
        Assert.All(drift.GetProperty("inputs").EnumerateArray(), feature => Assert.True(Number(feature, "threshold") > 0));
        // Until a worker knows the reference it keeps the points of its first images only, and of all the rest.
        Assert.Equal([true, true], drift.GetProperty("inputs").EnumerateArray().Take(2).Select(feature => Number(feature, "n") == Number(drift, "items")));
        Assert.InRange(Number(drift.GetProperty("inputs")[2], "n"), 100, Number(drift, "items"));
    }

    [Theory]
    [InlineData("dimmed"), InlineData("inverted")]
    public async Task Images_ThatAreNotLikeIt_AreDrift(string how)
    {
        await DeployAsync(isValidated: true);

        var drift = await SendUntilSeenAsync(pixel => how == "dimmed" ? pixel * 0.6f : 1 - pixel);
        Assert.Equal("drift", Verdict(drift));
        Assert.True(Number(drift, "score") > 1);
        Assert.Equal("drift", Verdict(drift.GetProperty("inputs")[0]));
    }

    [Fact]
    public async Task FirstRequests_AreTheReference_OfAVersionWithoutAValidation()
    {
        await DeployAsync(isValidated: false);
        Assert.Equal("no_reference_yet", Verdict(await DriftAsync()));

        // The first two thousand images complete it; a worker has its own in memory until there are bins for them.
        await SendAsync(0, DigitsData.Count, pixel => pixel);
        await Until.TrueAsync(
            async () =>
            {
                await SendAsync(0, Batch, pixel => pixel);
                return Verdict(await DriftAsync()) is not "no_reference_yet";
            },
            TimeSpan.FromSeconds(60), "the reference");
        Assert.Equal("first_requests", Text((await DriftAsync()).GetProperty("reference"), "source"));

        await SendAsync(0, DigitsData.Count, pixel => 1 - pixel);
        await Until.TrueAsync(async () => Verdict(await DriftAsync()) is "drift", TimeSpan.FromSeconds(60), "drift");
    }

    private async Task DeployAsync(bool isValidated)
    {
        await DigitsData.RegisterAsync(api, model, "2.0.0", "2.0.0");
        if (isValidated) await ValidateAsync();
        await api.SendJsonAsync(HttpMethod.Post, $"/v1/models/{model}/deploy", new { version = "2.0.0" });
    }

    private async Task ValidateAsync()
    {
        var folder = Path.GetDirectoryName(DigitsData.ModelPath("2.0.0"))!;
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(folder, "test-images-idx3-ubyte.gz"))), "images", "images.gz" },
            { new ByteArrayContent(await File.ReadAllBytesAsync(Path.Combine(folder, "test-labels-idx1-ubyte.gz"))), "labels", "labels.gz" },
        };
        using var uploaded = await api.PutAsync($"/v1/models/{model}/datasets/mnist", form);
        Assert.True(uploaded.IsSuccessStatusCode, await uploaded.Content.ReadAsStringAsync());
        using var started = await api.PostAsync($"/v1/models/{model}/versions/2.0.0/validate", null);
        Assert.True(started.IsSuccessStatusCode, await started.Content.ReadAsStringAsync());
        await Until.TrueAsync(
            async () => Text(await api.SendJsonAsync(HttpMethod.Get, started.Headers.Location!.ToString(), null), "state") is "passed",
            TimeSpan.FromSeconds(90), "the validation");
    }

    private async Task SendAsync(int first, int count, Func<float, float> change)
    {
        for (var at = first; at < first + count; at += Batch)
        {
            var pixels = Array.ConvertAll(DigitsData.Inputs(at, Batch), pixel => change(pixel));
            var json = Encoding.UTF8.GetBytes(
                $$"""{"inputs":[{"name":"image","datatype":"FP32","shape":[{{Batch}},1,28,28],"parameters":{"binary_data_size":{{pixels.Length * sizeof(float)}} } }]}""");
            using var content = new ByteArrayContent([.. json, .. pixels.SelectMany(BitConverter.GetBytes)]);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            content.Headers.Add("Inference-Header-Content-Length", json.Length.ToString(CultureInfo.InvariantCulture));
            using var response = await api.PostAsync($"/v2/models/{model}/versions/2.0.0/infer", content);
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        }
    }

    /// <summary>Images without end until a window of them was looked at: a worker passes over what it has no time for.</summary>
    private async Task<JsonElement> SendUntilSeenAsync(Func<float, float> change)
    {
        var first = 0;
        JsonElement drift = default;
        await Until.TrueAsync(
            async () =>
            {
                await SendAsync(first, Batch, change);
                first = (first + Batch) % DigitsData.Count;
                return Number(drift = await DriftAsync(), "items") >= Window;
            },
            TimeSpan.FromSeconds(30), $"{Window} items to be seen");
        return drift;
    }

    private Task<JsonElement> DriftAsync() => api.SendJsonAsync(HttpMethod.Get, $"/v1/models/{model}/drift?version=2.0.0", null);

    private static string? Verdict(JsonElement json) => Text(json, "verdict");

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static double Number(JsonElement json, string name) => json.GetProperty(name).GetDouble();
}
