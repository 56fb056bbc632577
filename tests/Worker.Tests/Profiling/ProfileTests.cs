using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using Platform.Core;
using Platform.Core.Batching;
using Platform.Core.Serving;
using Platform.SharedState.Workers;
using Platform.Worker.Tests.Inference;
using Platform.Worker.Tests.Support;

namespace Platform.Worker.Tests.Profiling;

/// <summary>What a load finds out about batches. No timing is asserted.</summary>
public sealed class ProfileTests
{
    public static TheoryData<BatchSafety, byte[]> Models => new()
    {
        { BatchSafety.Safe, OnnxBuilder.Identity("FP32", "n", 2) },
        { BatchSafety.Safe, OnnxBuilder.Identity("BYTES", "n", "w") },
        { BatchSafety.NoBatchDimension, OnnxBuilder.Identity("FP32", 1, 2) },
        { BatchSafety.NoBatchDimension, OnnxBuilder.Identity("FP32") },
        { BatchSafety.NoBatchDimension, State() },
        { BatchSafety.NoBatchDimension, TwoNames() },
        { BatchSafety.OutputsDiffer, SoftmaxOverTheBatch() },
        { BatchSafety.FailsAboveOne, BatchFixedInside() },
    };

    [Theory, MemberData(nameof(Models), DisableDiscoveryEnumeration = true)]
    public async Task Load_SaysWhetherItCanBeBatched(BatchSafety expected, byte[] model)
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", model);
        var profile = await ProfileAsync(host, "m", "1.0.0");
        Assert.Equal((expected, expected == BatchSafety.Safe), (profile.Reason, profile.Batchable));
        if (expected != BatchSafety.Safe) Assert.Equal((1, (int?)null), (profile.BatchSize, profile.MaxBatchSize));
    }

    [Theory]
    [InlineData("1.1.0"), InlineData("2.0.0"), InlineData("2.2.0-slow")]
    public async Task Load_SampleModel_HasACurveAndAChoiceOnIt(string version)
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("digits", version, Digits.Model(version));
        var profile = await ProfileAsync(host, "digits", version);
        Assert.Equal(BatchSafety.Safe, profile.Reason);
        Assert.Equal(1, profile.Curve[0].BatchSize);
        Assert.All(profile.Curve, point => Assert.True(point.ItemMs > 0 && point.Runs > 0));
        Assert.Contains(profile.Choice, profile.Curve.Select(point => point.BatchSize));
        Assert.Equal(profile.Choice, profile.BatchSize);
    }

    [Fact]
    public async Task Load_FaultyAboveOne_IsNeverBatchedAndServesSingles()
    {
        await using var host = await WorkerHost.StartAsync(("Worker:Executors", "1"));
        var config = new DeploymentConfig(Batching: new BatchingConfig(32, TimeSpan.FromMilliseconds(2)));
        await host.LoadAsync("digits", "2.3.0-faulty", Digits.Model("2.3.0-faulty"), config);
        var profile = await ProfileAsync(host, "digits", "2.3.0-faulty");
        // The file declares a free batch; the runtime, inferring shapes, sees the fixed one inside already when it loads.
        Assert.Equal((BatchSafety.NoBatchDimension, 1), (profile.Reason, profile.BatchSize));
        Assert.Equal("'probabilities' has the shape [1,10]", profile.Detail);
        Assert.Equal(config.Batching, profile.Override);
        var images = Digits.Images();
        var answers = await Task.WhenAll(images[..40].Select(image => host.InferAsync("digits", "2.3.0-faulty", DigitsTests.Json([image]))));
        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.OK, "1"), (answer.StatusCode, answer.Headers.GetValues("X-Batch-Size").Single())));
    }

    [Fact]
    public async Task Load_WithoutWarmup_IsNotBatched()
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", OnnxBuilder.Identity("FP32", "n"), new DeploymentConfig(Warmup: false, Batching: new BatchingConfig(8)));
        Assert.Equal(BatchSafety.NotChecked, (await ProfileAsync(host, "m", "1.0.0")).Reason);
    }

    [Fact]
    public async Task Profile_Overridden_ShowsBoth()
    {
        await using var host = await WorkerHost.StartAsync();
        await host.LoadAsync("m", "1.0.0", OnnxBuilder.Identity("FP32", "n"), new DeploymentConfig(Batching: new BatchingConfig(24)));
        var profile = await ProfileAsync(host, "m", "1.0.0");
        Assert.Equal((24, (int?)24), (profile.BatchSize, profile.MaxBatchSize));
        Assert.Equal(new BatchingConfig(24), profile.Override);
    }

    [Fact]
    public async Task Profile_NotLoaded_IsMisdirected()
    {
        await using var host = await WorkerHost.StartAsync();
        using var response = await host.Client.GetAsync(new Uri(WorkerProtocol.ProfilePath("m", "1.0.0"), UriKind.Relative), TestContext.Current.CancellationToken);
        await response.ErrorAsync(HttpStatusCode.MisdirectedRequest);
    }

    private static async Task<BatchProfile> ProfileAsync(WorkerHost host, string model, string version)
    {
        var text = await host.Client.GetStringAsync(new Uri(WorkerProtocol.ProfilePath(model, version), UriKind.Relative), TestContext.Current.CancellationToken);
        return JsonSerializer.Deserialize<BatchProfile>(text, PlatformJson.Options)!;
    }

    /// <summary>A number beside the batch, as recurrent models take their sampling rate.</summary>
    private static byte[] State() => new OnnxBuilder()
        .Input("x", OnnxBuilder.Float, ["n", 2]).Input("rate", OnnxBuilder.Int64, [])
        .Output("y", OnnxBuilder.Float, ["n", 2]).Output("same", OnnxBuilder.Int64, [])
        .Node("Identity", ["x"], ["y"]).Node("Identity", ["rate"], ["same"]).Build();

    private static byte[] TwoNames() => new OnnxBuilder()
        .Input("a", OnnxBuilder.Float, ["n"]).Input("b", OnnxBuilder.Float, ["m"])
        .Output("y", OnnxBuilder.Float, ["n"]).Output("z", OnnxBuilder.Float, ["m"])
        .Node("Identity", ["a"], ["y"]).Node("Identity", ["b"], ["z"]).Build();

    private static byte[] SoftmaxOverTheBatch() => new OnnxBuilder()
        .Input("x", OnnxBuilder.Float, ["n", 2]).Output("y", OnnxBuilder.Float, ["n", 2])
        .Node("Softmax", ["x"], ["y"], more: node => node.Message(5, attribute => attribute.Text(1, "axis").Number(3, 0).Number(20, 2)))
        .Build();

    /// <summary>Reshapes to [1,2], which it computes, so that nobody sees it before it runs.</summary>
    private static byte[] BatchFixedInside() => new OnnxBuilder()
        .Input("x", OnnxBuilder.Float, ["n", 2]).Output("y", OnnxBuilder.Float, ["n", 2])
        .Initializer(tensor => tensor.Number(1, 2).Number(2, OnnxBuilder.Float).Text(8, "one_by_two").Bytes(9, MemoryMarshal.AsBytes<float>([1, 2])))
        .Node("ReduceMean", ["x"], ["mean"], more: node => node.Message(5, attribute => attribute.Text(1, "keepdims").Number(3, 0).Number(20, 2)))
        .Node("Floor", ["mean"], ["zero"])
        .Node("Add", ["zero", "one_by_two"], ["shape"])
        .Node("Cast", ["shape"], ["whole"], more: node => node.Message(5, attribute => attribute.Text(1, "to").Number(3, OnnxBuilder.Int64).Number(20, 2)))
        .Node("Reshape", ["x", "whole"], ["y"])
        .Build();
}
