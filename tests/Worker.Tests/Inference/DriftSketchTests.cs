using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Platform.Core.Drift;
using Platform.Worker.Serving;
using Platform.Worker.Serving.Drift;
using Platform.Worker.Tests.Support;

namespace Platform.Worker.Tests.Inference;

public sealed class DriftSketchTests
{
    [Fact]
    public async Task Images_AreSummarised_AndAnswersToldByClassAndConfidence()
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("digits", "2.0.0", Digits.Model("2.0.0"));

        Assert.Equal(
            ["image.mean", "image.contrast", "image.brightness", "probabilities.class", "probabilities.confidence"],
            Sketch(host, "digits", "2.0.0").Features.Select(feature => feature.Name));
    }

    [Fact]
    public async Task Rows_AreKeptUntilThereIsAReference_ThenCountedInItsBins()
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", OnnxBuilder.Identity("FP32", "n", 2));
        var sketch = Sketch(host, "m", "1.0.0");

        await SendAsync(host, DriftSketch.SampleItems - 1, 1);
        Assert.Null(sketch.Sample());
        await SendAsync(host, 10, 1);
        var rows = sketch.Sample()!;
        var baseline = DriftBaseline.Of("r", DriftReference.FromRequests, default, sketch.Features, rows);
        sketch.Adopt(baseline.Reference);
        await SendAsync(host, 30, 5);

        Assert.Equal(DriftSketch.SampleItems, rows.Count);
        Assert.Equal(["x[0]", "x[1]", "y.class", "y.confidence"], sketch.Features.Select(feature => feature.Name));
        var counts = sketch.Take(DriftSketch.DefaultBudget)!;
        Assert.Equal(DriftSketch.SampleItems + 30, counts.Items);
        // Thirty of them are above all that the reference knew.
        Assert.Equal(30, counts.Bins[0][baseline.Reference.Features[0].Count - 2]);
        Assert.Null(sketch.Take(DriftSketch.DefaultBudget));
    }

    [Fact]
    public async Task Items_BeyondTheBudget_ArePassedOver()
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", OnnxBuilder.Identity("FP32", "n", 2));
        var sketch = Sketch(host, "m", "1.0.0");
        await SendAsync(host, DriftSketch.SampleItems, 1);
        sketch.Adopt(DriftBaseline.Of("r", DriftReference.FromRequests, default, sketch.Features, sketch.Sample()!).Reference);

        // Four features at 16 elements each.
        sketch.Take(7 * 4 * 16);
        await SendAsync(host, 20, 1);

        Assert.Equal(7, sketch.Take(0)!.Items);
        await SendAsync(host, 20, 1);
        Assert.Null(sketch.Take(0));
    }

    [Fact]
    public async Task Pictures_AreCountedByManyPoints_OnceThereAreBins()
    {
        const int Pixels = 300;
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", OnnxBuilder.Identity("FP32", "n", Pixels));
        var sketch = Sketch(host, "m", "1.0.0");
        Assert.Equal(["x.mean", "x.contrast", "x.brightness", "y.class", "y.confidence"], sketch.Features.Select(feature => feature.Name));

        for (var i = 0; i < 5; i++) await SendAsync(host, DriftSketch.SampleItems / 5, 1, Pixels);
        var rows = sketch.Sample()!;
        sketch.Adopt(DriftBaseline.Of("r", DriftReference.FromRequests, default, sketch.Features, rows).Reference);
        await SendAsync(host, 10, 1, Pixels);

        // Only the first rows have their points: they are for the bins' edges, and few enough for 4 KB.
        Assert.True(rows.Take(DriftSketch.SamplePictures).All(row => row.Length == 4 + FeatureInfo.Points) && rows.Skip(DriftSketch.SamplePictures).All(row => row.Length == 4));
        Assert.True(DriftSketch.SamplePictures * FeatureInfo.Points * sizeof(float) <= 4096);
        var counts = sketch.Take(DriftSketch.DefaultBudget)!;
        Assert.Equal((DriftSketch.SamplePictures + 10) * FeatureInfo.Points, counts.Bins[2].Take(5).Sum());
        Assert.Equal(DriftSketch.SampleItems + 10, counts.Bins[0].Sum());
    }

    [Fact]
    public async Task Reference_ThatKnowsOtherFeatures_CountsOnlyThoseInCommon()
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", OnnxBuilder.Identity("FP32", "n", 2));
        var sketch = Sketch(host, "m", "1.0.0");
        FeatureInfo[] features = [sketch.Features[1], new("gone", FeatureKind.Number, true)];

        sketch.Adopt(DriftBaseline.Of("r", DriftReference.FromDataset, default, features, [[0, 0], [1, 1]]).Reference);
        await SendAsync(host, 3, 1);

        var counts = sketch.Take(0)!;
        Assert.Equal([3L, 0L], counts.Bins.Select(bins => bins.Sum()));
    }

    private static DriftSketch Sketch(WorkerHost host, string model, string version)
    {
        Assert.True(host.Services.GetRequiredService<ServedVersions>().TryUse(model, version, out var served));
        using (served) return served.Drift;
    }

    private static async Task SendAsync(WorkerHost host, int items, float times, int columns = 2)
    {
        var data = string.Join(',', Enumerable.Range(0, items * columns).Select(i => (times + (i % 2)).ToString(CultureInfo.InvariantCulture)));
        using var response = await host.InferAsync(
            "m", "1.0.0", $$"""{"inputs":[{"name":"x","shape":[{{items}},{{columns}}],"datatype":"FP32","data":[{{data}}]}]}""");
        Assert.True(response.IsSuccessStatusCode);
        // Whoever has the answer may still be a moment ahead of the sketch.
        while (host.Services.GetRequiredService<WorkerState>().Outstanding > 0) await Task.Yield();
    }
}
