using System.Net;
using System.Text;
using System.Text.Json;
using Platform.Worker.Tests.Support;

namespace Platform.AppHost.Tests.EndToEnd;

/// <summary>Batch jobs while everything that works on them dies.</summary>
[Collection(nameof(FailureTests))]
public sealed class JobTests : IAsyncLifetime
{
    private const string Model = "digits";
    private const string Slow = "2.2.0";
    /// <summary>Seconds of work, so that there is time to kill.</summary>
    private const int Rows = 24_000;
    private const int Chunk = 100;
    private const int ShardRows = 1_000;
    private const int Poisoned = 2_500;
    private RunningPlatform platform = null!;

    private HttpClient Api => platform.Api;

    public async ValueTask InitializeAsync()
    {
        platform = await RunningPlatform.StartAsync();
        await DigitsData.DeployAsync(Api, Model, Slow, "2.2.0-slow");
    }

    public ValueTask DisposeAsync() => platform?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Job_WhileWorkerSiloAndApiAreKilled_HasEveryRowOnceInOrderAndAsTheModelAnswers()
    {
        var expected = await ExpectedAsync();
        var job = await JobData.CreateAsync(Api, new { model = Model, input = new { format = "jsonl" } });
        await UploadInPartsAsync(job, JobData.Lines(Rows));
        await JobData.UntilAsync(Api, job, state => JobData.RowsDone(state) >= 1_000, "a thousand rows");

        (await platform.ProcessesAsync("worker"))[0].Kill();
        // Production moves on while the job runs; its version does not.
        await DigitsData.DeployAsync(Api, Model, "2.0.0", "2.0.0");
        await Api.SendJsonAsync(HttpMethod.Post, $"/v1/models/{Model}/versions/{Slow}/undeploy", null);
        var running = await JobData.UntilAsync(Api, job, state => JobData.RowsDone(state) >= 3_000, "three thousand rows");
        Assert.Equal("running", JobData.State(running));
        (await platform.ProcessesAsync("silo"))[0].Kill();
        (await platform.ProcessesAsync("api"))[0].Kill();
        var ended = await JobData.UntilEndAsync(Api, job);

        Assert.Equal(("succeeded", Rows, Rows, 0), (
            JobData.State(ended), ended.GetProperty("rows_total").GetInt64(), JobData.RowsDone(ended), ended.GetProperty("rows_failed").GetInt64()));
        var rows = await JobData.RowsAsync(Api, job, "output");
        Assert.Equal(Enumerable.Range(0, Rows), rows.Select(row => row.GetProperty("row").GetInt32()));
        Assert.All(rows, row => Assert.Equal(Slow, row.GetProperty("model_version").GetString()));
        Assert.Equal(Enumerable.Range(0, Rows).Select(row => expected[row % expected.Length]), rows.Select(ClassOf));
        Assert.Empty(await JobData.RowsAsync(Api, job, "errors"));
        await AssertLetGoAsync();
    }

    [Fact]
    public async Task Cancel_WhileRowsAreScored_StopsTheJobAndLeavesNothingHalfWritten()
    {
        var job = await JobData.CreateAsync(Api, new { model = Model, input = new { format = "jsonl" } });
        (await JobData.SendAsync(Api, job, JobData.Lines(Rows))).EnsureSuccessStatusCode();
        await JobData.UntilAsync(Api, job, state => JobData.RowsDone(state) > 0, "the first rows");

        var cancelled = await Api.SendJsonAsync(HttpMethod.Post, $"/v1/jobs/{job}/cancel", null);

        Assert.Equal("cancelled", JobData.State(cancelled));
        Assert.InRange(JobData.RowsDone(cancelled), 1, Rows - 1);
        Assert.Equal(HttpStatusCode.Conflict, (await Api.GetAsync($"/v1/jobs/{job}/output")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await JobData.SendAsync(Api, job, new byte[1])).StatusCode);
        await AssertLetGoAsync();
    }

    [Fact]
    public async Task Row_ThatEndsItsWorkers_IsPutAsideWithNoShardButItsOwn()
    {
        await DigitsData.RegisterAsync(Api, "divider", "1.0.0", Divider());
        await Api.SendJsonAsync(HttpMethod.Post, "/v1/models/divider/deploy", new { version = "1.0.0" });
        var before = (await platform.ProcessesAsync("worker")).Select(process => process.Id).ToArray();
        var job = await JobData.CreateAsync(Api, new { model = "divider", input = new { format = "csv" } });
        var lines = Enumerable.Range(0, Rows).Select(row => row == Poisoned ? $"{long.MinValue}" : $"{row}");
        (await JobData.SendAsync(Api, job, Encoding.UTF8.GetBytes("x\n" + string.Join('\n', lines)))).EnsureSuccessStatusCode();

        var ended = await JobData.UntilEndAsync(Api, job);

        Assert.Equal(("succeeded", Rows - ShardRows, ShardRows), (JobData.State(ended), JobData.RowsDone(ended), ended.GetProperty("rows_failed").GetInt64()));
        var first = Poisoned / ShardRows * ShardRows;
        var errors = await JobData.RowsAsync(Api, job, "errors");
        Assert.Equal(Enumerable.Range(first, ShardRows), errors.Select(error => error.GetProperty("row").GetInt32()));
        Assert.All(errors, error => Assert.Contains("put aside", error.GetProperty("reason").GetString(), StringComparison.Ordinal));
        var rows = await JobData.RowsAsync(Api, job, "output");
        Assert.Equal(Enumerable.Range(0, Rows).Where(row => row < first || row >= first + ShardRows), rows.Select(row => row.GetProperty("row").GetInt32()));
        await platform.UntilWorkersAsync(count: 2);
        Assert.NotEqual(before, (await platform.ProcessesAsync("worker")).Select(process => process.Id));
        Assert.Equal(DigitsData.Classes, (await DigitsData.InferAsync(Api, Model, 0, 1)).Length);
    }

    /// <summary>Negates whole numbers by division, which ends the process for the one number that has no opposite.</summary>
    private static byte[] Divider() => new OnnxBuilder()
        .Input("x", OnnxBuilder.Int64, ["N", 1]).Output("y", OnnxBuilder.Int64, ["N", 1])
        .Initializer(tensor => tensor.Number(1, 1).Number(2, OnnxBuilder.Int64).Text(8, "minus").Bytes(9, BitConverter.GetBytes(-1L)))
        .Node("Div", ["x", "minus"], ["y"]).Build();

    /// <summary>What the model itself answers to each image.</summary>
    private async Task<int[]> ExpectedAsync()
    {
        var classes = new List<int>();
        for (var first = 0; first < DigitsData.Count; first += Chunk)
        {
            var answer = await DigitsData.InferAsync(Api, Model, first, Chunk);
            classes.AddRange(answer.Chunk(DigitsData.Classes).Select(JobData.ClassOf));
        }

        return [.. classes];
    }

    private async Task UploadInPartsAsync(string job, byte[] lines)
    {
        var half = lines.Length / 2;
        Assert.Equal(HttpStatusCode.Accepted, (await JobData.SendAsync(Api, job, lines.AsMemory(0, half), 0)).StatusCode);
        using var wrong = await JobData.SendAsync(Api, job, lines.AsMemory(half + 1), half + 1, lines.Length);
        Assert.Equal((HttpStatusCode.Conflict, $"{half}"), (wrong.StatusCode, wrong.Headers.GetValues("Upload-Offset").Single()));
        Assert.Equal(half, (await Api.SendJsonAsync(HttpMethod.Get, $"/v1/jobs/{job}/input", null)).GetProperty("received_bytes").GetInt64());
        Assert.Equal(HttpStatusCode.OK, (await JobData.SendAsync(Api, job, lines.AsMemory(half), half, lines.Length)).StatusCode);
    }

    /// <summary>No worker keeps the version that nobody but the job wanted.</summary>
    private Task AssertLetGoAsync() => Until.TrueAsync(
        async () =>
        {
            var production = (await Api.SendJsonAsync(HttpMethod.Get, $"/v1/models/{Model}", null)).GetProperty("production").GetString();
            var workers = await Api.SendJsonAsync(HttpMethod.Get, "/v1/workers", null);
            return workers.GetProperty("items").EnumerateArray().SelectMany(worker => worker.GetProperty("versions").EnumerateArray())
                .All(version => version.GetProperty("version").GetString() == production);
        },
        TimeSpan.FromSeconds(60), "the job's version to be let go");

    private static int ClassOf(JsonElement row) =>
        JobData.ClassOf(row.GetProperty("outputs").GetProperty("probabilities").EnumerateArray().Select(value => value.GetSingle()));
}
