using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Platform.Core.Protection;
using Platform.Core.Serving;
using Platform.SharedState.Protection;
using Platform.SharedState.Workers;
using Platform.Worker.Serving;
using Platform.Worker.Tests.Support;

namespace Platform.Worker.Tests.Protection;

public sealed class PolicyTests
{
    private const string Model = "digits";
    private const string Version = "2.0.0";
    private static readonly float[][] Images = Digits.Images();

    [Theory]
    [InlineData(ProtectionMode.Off, 200)]
    [InlineData(ProtectionMode.Observe, 200)]
    [InlineData(ProtectionMode.Enforce, 422)]
    public async Task Infer_NumbersOutOfRange_AreAnsweredByMode(ProtectionMode mode, int status)
    {
        await using var host = await LoadedAsync(new(Inputs: new(mode, 0, 1)));
        using var response = await host.InferAsync(Model, Version, Json([.. Images[0].Select(pixel => pixel * 255)]));
        Assert.Equal(status, (int)response.StatusCode);
        using var clean = await host.InferAsync(Model, Version, Json(Images[0]));
        Assert.Equal(HttpStatusCode.OK, clean.StatusCode);
    }

    [Fact]
    public async Task Infer_NotANumber_IsRefusedWithTheReason()
    {
        await using var host = await LoadedAsync(new(Inputs: new(ProtectionMode.Enforce)));
        var pixels = (float[])Images[0].Clone();
        pixels[5] = float.NaN;
        using var content = Binary(pixels);
        using var response = await host.InferAsync(Model, Version, content);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Contains("not_finite", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_NoiseAgainstALearntReference_IsRefusedAndDigitsAreNot()
    {
        await using var host = await LoadedAsync(new(Distance: new(ProtectionMode.Enforce)), ("Protection:ReferenceItems", "600"));
        foreach (var image in Images[..600])
        {
            using var learnt = await host.InferAsync(Model, Version, Json(image));
            Assert.Equal(HttpStatusCode.OK, learnt.StatusCode);
        }

        var served = Served(host);
        var items = Assert.IsAssignableFrom<IReadOnlyList<ItemFacts>>(served.Protection.Items(600));
        served.Protection.Adopt(new(ReferenceProfile.Of(ReferenceProfile.FromRequests, DateTimeOffset.UnixEpoch, items), null));
        var random = new Random(3);
        using var noise = await host.InferAsync(Model, Version, Json([.. Images[0].Select(_ => random.NextSingle())]));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, noise.StatusCode);
        var refused = 0;
        foreach (var image in Images[600..900])
        {
            using var clean = await host.InferAsync(Model, Version, Json(image));
            if (clean.StatusCode != HttpStatusCode.OK) refused++;
        }

        Assert.InRange(refused, 0, 6);
    }

    [Fact]
    public async Task Infer_AnswerThatDoesNotOutlastSqueezing_IsRefusedWhereThatIsEnforced()
    {
        await using var host = await LoadedAsync(new(Squeezing: new(ProtectionMode.Enforce, Sample: 1)));
        var profile = ReferenceProfile.Of(ReferenceProfile.FromRequests, DateTimeOffset.UnixEpoch, [.. Images[..600].Select(image => ItemFacts.Of([(image, 28)]))]);
        Served(host).Protection.Adopt(new(profile, new SqueezeThresholds(2.1, 2.1, 500)));
        using var steady = await host.InferAsync(Model, Version, Json(Images[0]));
        Assert.Equal(HttpStatusCode.OK, steady.StatusCode);
        Served(host).Protection.Adopt(new(profile, new SqueezeThresholds(-1, -1, 500)));
        using var unsteady = await host.InferAsync(Model, Version, Json(Images[0]));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, unsteady.StatusCode);
    }

    [Fact]
    public async Task Infer_WithAnOutputLimit_GivesTheHighestScoreRounded()
    {
        await using var host = await LoadedAsync(null);
        using var request = new HttpRequestMessage(HttpMethod.Post, WorkerProtocol.InferPath(Model, Version)) { Content = new StringContent(Json(Images[0])) };
        request.Headers.Add(WorkerProtocol.LimitHeader, new OutputLimit(1, 1).ToString());
        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var scores = json.RootElement.GetProperty("outputs")[0].GetProperty("data").EnumerateArray().Select(score => score.GetDouble()).ToArray();
        Assert.Equal(9, scores.Count(score => score == 0));
        Assert.Equal(Math.Round(scores.Max(), 1), scores.Max(), 6);
        Assert.InRange(scores.Max(), 0.1, 1);
    }

    [Theory]
    [InlineData(ProtectionMode.Off, false)]
    [InlineData(ProtectionMode.Observe, true)]
    public async Task Infer_WhereExtractionIsWatched_SendsASketchBeside(ProtectionMode mode, bool isSent)
    {
        await using var host = await LoadedAsync(new(Extraction: new(mode)));
        using var response = await host.InferAsync(Model, Version, Json(Images[0]));
        Assert.Equal(isSent, response.Headers.TryGetValues(WorkerProtocol.QueriesHeader, out var sent));
        if (!isSent) return;
        var query = Assert.Single(QuerySketch.Decode(sent!.Single()));
        Assert.InRange(query.Class, 0, 9);
    }

    private static ServedVersion Served(WorkerHost host) => host.Services.GetRequiredService<ServedVersions>().All.Single();

    private static async Task<WorkerHost> LoadedAsync(ProtectionConfig? policy, params (string, string)[] settings)
    {
        var host = await WorkerHost.StartAsync(settings);
        await host.LoadAsync(Model, Version, Digits.Model(Version), new DeploymentConfig(Protection: policy));
        return host;
    }

    private static HttpContent Binary(float[] pixels) => WorkerHost.Binary(
        """{"inputs":[{"name":"image","shape":[1,1,28,28],"datatype":"FP32","parameters":{"binary_data_size":3136} }]}""",
        System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(pixels).ToArray());

    private static string Json(float[] image) =>
        $$"""{"inputs":[{"name":"image","shape":[1,1,28,28],"datatype":"FP32","data":[{{string.Join(',', image.Select(pixel => pixel.ToString(CultureInfo.InvariantCulture)))}}]}]}""";
}
