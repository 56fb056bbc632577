using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;
using Platform.Core.Serving;
using Platform.Worker.Tests.Support;

namespace Platform.Worker.Tests.Batching;

/// <summary>Whatever shares a run with whatever: everyone gets his own answer, as if he had been alone.</summary>
public sealed class BatchingTests
{
    private const double Tolerance = 1e-5;
    private const int Requests = 400;
    private const int Callers = 24;
    private static readonly float[][] Images = Digits.Images();

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3)]
    public async Task Infer_ManyAtOnceInAnySizes_EqualsEachImageAlone(int seed)
    {
        await using var host = await WorkerHost.StartAsync(("Worker:Executors", "2"));
        string[] versions = ["1.1.0", "2.0.0"];
        foreach (var version in versions)
            await host.LoadAsync("digits", version, Digits.Model(version), new DeploymentConfig(Batching: new BatchingConfig(8), Limits: new ServingLimits(Timeout: TimeSpan.FromMinutes(5))));
        var expected = versions.ToDictionary(version => version, Alone);
        var random = new Random(seed);
        var plans = Enumerable.Range(0, Requests).Select(_ => (
            Version: versions[random.Next(2)], First: random.Next(Images.Length - 20), Count: random.Next(10) == 0 ? 20 : random.Next(1, 5),
            Priority: random.Next(10), LeavesAfter: random.Next(8) == 0 ? random.Next(3) : (int?)null)).ToArray();
        var largest = 0;
        await Parallel.ForEachAsync(plans, new ParallelOptions { MaxDegreeOfParallelism = Callers, CancellationToken = TestContext.Current.CancellationToken }, async (plan, cancellation) =>
        {
            using var leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            if (plan.LeavesAfter is { } after) leaving.CancelAfter(after);
            try
            {
                var (outputs, batch) = await SendAsync(host, plan.Version, plan.First, plan.Count, plan.Priority, leaving.Token);
                InterlockedMax(ref largest, batch);
                Assert.InRange(batch, 1, 8);
                AssertEqual(expected[plan.Version].AsSpan(plan.First * 10, plan.Count * 10), outputs, $"seed {seed}, {plan}");
            }
            catch (OperationCanceledException) when (plan.LeavesAfter is not null && !cancellation.IsCancellationRequested)
            {
                // He left before his answer came, as he was told to.
            }
        });
        Assert.True(largest > 1, $"seed {seed}: nothing shared a run");
    }

    [Fact]
    public async Task Infer_LargerThanABatch_IsSplitAndJoinedAgain()
    {
        await using var host = await WorkerHost.StartAsync(("Worker:Executors", "2"));
        await host.LoadAsync("digits", "2.0.0", Digits.Model("2.0.0"), new DeploymentConfig(Batching: new BatchingConfig(8)));
        var (outputs, batch) = await SendAsync(host, "2.0.0", 0, 50, 0, TestContext.Current.CancellationToken);
        Assert.InRange(batch, 1, 8);
        AssertEqual(Alone("2.0.0").AsSpan(0, 500), outputs, "");
    }

    [Fact]
    public async Task Infer_StringsOfDifferentLengths_AreSplitWhereTheyBegin()
    {
        await using var host = await WorkerHost.StartAsync(("Worker:Executors", "1"));
        await host.LoadAsync("m", "1.0.0", OnnxBuilder.Identity("BYTES", "n", 2), new DeploymentConfig(Batching: new BatchingConfig(4, TimeSpan.FromMilliseconds(200))));
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            var data = $"[\"{new string('a', i)}\",\"{i}é\"]";
            using var response = await host.InferAsync("m", "1.0.0", $$"""{"inputs":[{"name":"x","shape":[1,2],"datatype":"BYTES","data":{{data}}}]}""");
            var output = (await response.JsonAsync())["outputs"]![0]!["data"]!;
            return (Sent: JsonNode.Parse(data)!.ToJsonString(), Got: output.ToJsonString(), Batch: BatchOf(response));
        }));
        Assert.All(answers, answer => Assert.Equal(answer.Sent, answer.Got));
        Assert.All(answers, answer => Assert.Equal(4, answer.Batch));
    }

    [Fact]
    public async Task Infer_RequestsOfOtherShapesAndOutputs_GetTheirOwn()
    {
        await using var host = await WorkerHost.StartAsync(("Worker:Executors", "1"));
        var model = new OnnxBuilder()
            .Input("a", OnnxBuilder.Float, ["n", "w"]).Input("b", OnnxBuilder.Float, ["n", "w"])
            .Output("sum", OnnxBuilder.Float, ["n", "w"]).Output("difference", OnnxBuilder.Float, ["n", "w"])
            .Node("Add", ["a", "b"], ["sum"]).Node("Sub", ["a", "b"], ["difference"]).Build();
        await host.LoadAsync("m", "1.0.0", model, new DeploymentConfig(Batching: new BatchingConfig(8, TimeSpan.FromMilliseconds(20))));
        await Task.WhenAll(Enumerable.Range(0, 30).Select(async i =>
        {
            var width = 1 + (i % 3);
            string Row(int value) => $"[[{string.Join(',', Enumerable.Repeat(value, width))}]]";
            var (output, expected) = i % 2 == 0 ? ("sum", i + 100) : ("difference", 100 - i);
            using var response = await host.InferAsync("m", "1.0.0",
                $$"""{"inputs":[{"name":"a","shape":[1,{{width}}],"datatype":"FP32","data":{{Row(100)}}},{"name":"b","shape":[1,{{width}}],"datatype":"FP32","data":{{Row(i)}}}],"outputs":[{"name":"{{output}}"}]}""");
            var only = (await response.JsonAsync())["outputs"]!.AsArray().Single()!;
            Assert.Equal(output, (string)only["name"]!);
            Assert.Equal($"[{string.Join(',', Enumerable.Repeat(expected, width))}]", only["data"]!.ToJsonString());
        }));
    }

    [Fact]
    public async Task Infer_OneBadRequestInABatch_FailsAlone()
    {
        using var log = new LogRecord();
        await using var host = await WorkerHost.StartAsync(services => services.AddSingleton<ILoggerProvider>(log), ("Worker:Executors", "1"));
        // Gather refuses an index beyond the table's three rows while it runs, and with it the whole run.
        var model = new OnnxBuilder()
            .Input("x", OnnxBuilder.Int64, ["n"]).Output("y", OnnxBuilder.Float, ["n"])
            .Initializer(tensor => tensor.Number(1, 3).Number(2, OnnxBuilder.Float).Text(8, "table").Bytes(9, MemoryMarshal.AsBytes<float>([1.5f, 2.5f, 3.5f])))
            .Node("Gather", ["table", "x"], ["y"]).Build();
        await host.LoadAsync("m", "1.0.0", model, new DeploymentConfig(Batching: new BatchingConfig(4, TimeSpan.FromMilliseconds(200))));
        var answers = await Task.WhenAll(((int[])[0, 1, 771234567, 2]).Select(i =>
            host.InferAsync("m", "1.0.0", $$"""{"inputs":[{"name":"x","shape":[1],"datatype":"INT64","data":[{{i}}]}]}""")));
        Assert.Equal(["[1.5]", "[2.5]", null, "[3.5]"], await Task.WhenAll(answers.Select(async answer =>
            answer.StatusCode == HttpStatusCode.OK ? (await answer.JsonAsync())["outputs"]![0]!["data"]!.ToJsonString() : null)));
        Assert.NotEqual(HttpStatusCode.ServiceUnavailable, answers[2].StatusCode);
        // The caller is told which index it was. The log has the node, and nothing of the request.
        Assert.Contains("771234567", await answers[2].Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains(log.Lines, line => line.Contains("while running Gather", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, line => line.Contains("771234567", StringComparison.Ordinal));
    }

    private static async Task<(float[] Outputs, int Batch)> SendAsync(
        WorkerHost host, string version, int first, int count, int priority, CancellationToken cancellation)
    {
        var pixels = MemoryMarshal.AsBytes<float>(Images[first..(first + count)].SelectMany(image => image).ToArray()).ToArray();
        using var content = WorkerHost.Binary(
            $$"""{"parameters":{"priority":{{priority}},"binary_data_output":true},"inputs":[{"name":"image","shape":[{{count}},1,28,28],"datatype":"FP32","parameters":{"binary_data_size":{{pixels.Length}} } }]}""",
            pixels);
        using var response = await host.Client.PostAsync(new Uri($"/internal/models/digits/versions/{version}/infer", UriKind.Relative), content, cancellation);
        var body = await response.Content.ReadAsByteArrayAsync(cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var header = int.Parse(response.Headers.GetValues("Inference-Header-Content-Length").Single(), CultureInfo.InvariantCulture);
        return (MemoryMarshal.Cast<byte, float>(body.AsSpan(header)).ToArray(), BatchOf(response));
    }

    private static int BatchOf(HttpResponseMessage response) =>
        int.Parse(response.Headers.GetValues("X-Batch-Size").Single(), CultureInfo.InvariantCulture);

    private static float[] Alone(string version)
    {
        using var session = new InferenceSession(Digits.Model(version));
        using var options = new RunOptions();
        return [.. Images.SelectMany(image =>
        {
            using var input = OrtValue.CreateTensorValueFromMemory(image, [1, 1, 28, 28]);
            using var outputs = session.Run(options, ["image"], [input], ["probabilities"]);
            return outputs[0].GetTensorDataAsSpan<float>().ToArray();
        })];
    }

    private static void AssertEqual(ReadOnlySpan<float> expected, ReadOnlySpan<float> given, string what)
    {
        Assert.Equal(expected.Length, given.Length);
        for (var i = 0; i < expected.Length; i++) Assert.True(Math.Abs(expected[i] - given[i]) <= Tolerance, $"{what} at {i}: {expected[i]} and {given[i]}");
    }

    private static void InterlockedMax(ref int largest, int value)
    {
        for (var seen = Volatile.Read(ref largest); value > seen;)
        {
            var before = Interlocked.CompareExchange(ref largest, value, seen);
            if (before == seen) return;
            seen = before;
        }
    }
}
