using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Platform.Core;
using Platform.Core.Models;
using Platform.Core.Models.Datasets;
using Platform.Core.Models.Gates;
using Platform.Core.Models.Validations;
using Platform.SharedState.Artifacts;
using Platform.SharedState.Workers;
using Platform.Worker.Tests.Support;

namespace Platform.Worker.Tests.Validation;

public sealed class ValidationTests
{
    private static readonly Uri Path = new(WorkerProtocol.ValidatePath, UriKind.Relative);

    [Theory]
    [InlineData("1.0.0", 0.8980)]
    [InlineData("1.1.0", 0.9730)]
    [InlineData("2.0.0", 0.9835)]
    [InlineData("2.1.0-regressed", 0.6085)]
    [InlineData("2.2.0-slow", 0.9835)]
    public async Task Measure_EachSample_GivesItsAccuracyAndPassesEveryCheck(string version, double accuracy)
    {
        await using var host = await WorkerHost.StartAsync();

        var measured = await MeasureAsync(host, version, await MnistAsync(host));

        Assert.All(measured.Checks, check => Assert.True(check.Verdict is CheckVerdict.Pass, $"{check.Name}: {check.Detail}"));
        Assert.Equal(
            ["load", "zeros_batch_1", "random_batch_1", "zeros_batch_32", "random_batch_32", "latency", "throughput", "dataset"],
            measured.Checks.Select(check => check.Name));
        Assert.Equal(2000, measured.Rows);
        Assert.Equal(accuracy, measured.Figures[GateMetrics.Accuracy], 6);
        Assert.InRange(measured.Figures[GateMetrics.F1], accuracy - 0.05, accuracy + 0.05);
        Assert.Equal(Digits.Model(version).Length, measured.Figures[GateMetrics.SizeBytes]);
        Assert.True(measured.Figures[GateMetrics.LatencyMsP50] <= measured.Figures[GateMetrics.LatencyMsP99]);
        Assert.True(measured.Figures[GateMetrics.Throughput] > 0);
    }

    [Fact]
    public async Task Measure_FaultyModel_FailsAboveBatchOneInTheRuntimesWordsAndIsMeasuredAtOne()
    {
        await using var host = await WorkerHost.StartAsync();

        var measured = await MeasureAsync(host, "2.3.0-faulty", await MnistAsync(host));

        var failed = measured.Checks.Where(check => check.Verdict is CheckVerdict.Fail).ToArray();
        Assert.Equal(["zeros_batch_32", "random_batch_32"], failed.Select(check => check.Name));
        Assert.All(failed, check => Assert.Contains("while running", check.Detail, StringComparison.Ordinal));
        Assert.Equal(0.9835, measured.Figures[GateMetrics.Accuracy], 6);
    }

    [Fact]
    public async Task Measure_SlowModel_FailsALatencyGateThatTheFastOnePasses()
    {
        await using var host = await WorkerHost.StartAsync();
        var fast = (await MeasureAsync(host, "2.0.0", null)).Figures;
        var slow = (await MeasureAsync(host, "2.2.0-slow", null)).Figures;

        var gate = new Gate(GateMetrics.LatencyMsP50, MaxDrop: fast[GateMetrics.LatencyMsP50]);
        var report = GateEvaluation.Evaluate([gate], slow, new ProductionFigures("2.0.0", fast));

        Assert.False(report.Passed, report.Results[0].Detail);
    }

    [Fact]
    public async Task Measure_ALabelledRowInEitherForm_CountsIt()
    {
        await using var host = await WorkerHost.StartAsync();
        var pixels = string.Join(',', Digits.Images()[0].Select(pixel => pixel.ToString("R", System.Globalization.CultureInfo.InvariantCulture)));
        // The first test image shows a seven.
        var dataset = await LinesAsync(
            host,
            $$"""{"inputs":[{"name":"image","datatype":"FP32","shape":[1,1,28,28],"data":[{{pixels}}]}],"labels":[7]}""",
            "",
            $$"""{"inputs":[{{pixels}}],"labels":[8]}""");

        var measured = await MeasureAsync(host, "2.0.0", dataset);

        Assert.Equal(2, measured.Rows);
        Assert.Equal(0.5, measured.Figures[GateMetrics.Accuracy]);
    }

    [Theory]
    [InlineData("""{"inputs":[{"name":"picture","datatype":"FP32","shape":[1],"data":[0]}],"labels":[7]}""", "row 1: it has no input 'image'")]
    [InlineData("""{"inputs":[{"name":"image","datatype":"FP32","shape":[1,2],"data":[0,0]}],"labels":[7]}""", "row 1: input 'image' has the shape [1,2]")]
    [InlineData("""{"inputs":[{"name":"image","datatype":"INT64","shape":[1],"data":[0]}],"labels":[7]}""", "row 1: input 'image' is INT64")]
    [InlineData("""{"inputs":[0,1,2],"labels":[7]}""", "row 1: its 3 numbers")]
    public async Task Measure_ARowThatDoesNotFitTheModel_NamesTheRow(string line, string expected)
    {
        await using var host = await WorkerHost.StartAsync();

        var measured = await MeasureAsync(host, "1.0.0", await LinesAsync(host, line));

        var check = measured.Checks.Single(check => check.Verdict is CheckVerdict.Fail);
        Assert.Equal("dataset", check.Name);
        Assert.Contains(expected, check.Detail, StringComparison.Ordinal);
        Assert.False(measured.Figures.ContainsKey(GateMetrics.Accuracy));
    }

    [Fact]
    public async Task Measure_BeyondItsTime_SaysSo()
    {
        await using var host = await WorkerHost.StartAsync(
            ("Validation:Timeout", "00:00:01"), ("Validation:LatencyRuns", "100000"), ("Validation:LatencyLimit", "01:00:00"));

        var measured = await MeasureAsync(host, "2.2.0-slow", null);

        Assert.Contains(measured.Checks, check => check is { Name: "time_limit", Verdict: CheckVerdict.Fail });
        Assert.Contains(measured.Checks, check => check is { Name: "load", Verdict: CheckVerdict.Pass });
    }

    [Fact]
    public async Task Measure_AFileThatIsGone_IsNoVerdictOnTheModel()
    {
        await using var host = await WorkerHost.StartAsync();
        var placed = await host.PlaceAsync("1.0.0", Digits.Model("1.0.0"));
        var lost = placed.Artifact with { Sha256 = new string('0', 64) };

        using var response = await PostAsync(host, new("m", new MeasuredVersion("1.0.0", lost, placed.Signature), null));

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
    }

    private static async Task<Measurement> MeasureAsync(WorkerHost host, string version, DatasetInfo? dataset)
    {
        var placed = await host.PlaceAsync(version, Digits.Model(version));
        using var response = await PostAsync(host, new("m", new MeasuredVersion(version, placed.Artifact, placed.Signature), dataset));
        Assert.True(response.StatusCode is HttpStatusCode.OK, await response.TextAsync());
        return (await response.Content.ReadFromJsonAsync<Measurement>(PlatformJson.Options, TestContext.Current.CancellationToken))!;
    }

    private static Task<HttpResponseMessage> PostAsync(WorkerHost host, MeasurementRequest request) =>
        host.Client.PostAsJsonAsync(Path, request, PlatformJson.Options, TestContext.Current.CancellationToken);

    private static async Task<DatasetInfo> MnistAsync(WorkerHost host) => new(
        "mnist", DatasetFormat.Idx, await StoreAsync(host, Unzip("test-images-idx3-ubyte.gz")),
        await StoreAsync(host, Unzip("test-labels-idx1-ubyte.gz")), 2000, "ann", default);

    private static async Task<DatasetInfo> LinesAsync(WorkerHost host, params string[] lines) => new(
        "rows", DatasetFormat.Jsonl, await StoreAsync(host, Encoding.UTF8.GetBytes(string.Join('\n', lines))), null, lines.Length, "ann", default);

    private static async Task<ArtifactInfo> StoreAsync(WorkerHost host, byte[] bytes)
    {
        var store = host.Services.GetRequiredService<ArtifactStore>();
        var staged = await store.StageAsync(new MemoryStream(bytes), TestContext.Current.CancellationToken);
        return await store.CommitAsync(staged, TestContext.Current.CancellationToken);
    }

    private static byte[] Unzip(string name)
    {
        using var zipped = new GZipStream(
            File.OpenRead(System.IO.Path.Combine(AppContext.BaseDirectory, "digits", name)), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        zipped.CopyTo(plain);
        return plain.ToArray();
    }
}
