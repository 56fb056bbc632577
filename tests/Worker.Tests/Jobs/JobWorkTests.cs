using System.Text;
using System.Text.Json;
using Parquet;
using Parquet.Schema;
using Platform.Core.Jobs;
using Platform.Core.Serving;
using Platform.SharedState.Jobs;
using Platform.Tests;
using Platform.Worker.Tests.Support;

namespace Platform.Worker.Tests.Jobs;

public sealed class JobWorkTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private const int Rows = 95;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Rows_OfAnUpload_AreScoredOnceAndInOrder(int? batch)
    {
        await using var bench = await JobBench.StartAsync(redis);
        var (model, version) = await bench.LoadAsync(OnnxBuilder.Identity("FP32", "N", 2));
        var order = JobBench.Order(model, version, batch: batch);

        var progress = await bench.RunAsync(order, Lines(Rows));

        Assert.Equal(new JobProgress(Rows, Rows, 0, 10, 10, null, progress.Output, progress.OutputBytes), progress);
        AssertOutput(await bench.LinesAsync(progress.Output!), Enumerable.Range(0, Rows));
        Assert.Empty(await bench.ErrorsAsync(order));
    }

    [Fact]
    public async Task Rows_ThatAreNoRows_FailByThemselvesWithNumberAndColumn()
    {
        await using var bench = await JobBench.StartAsync(redis);
        var (model, version) = await bench.LoadAsync(OnnxBuilder.Identity("FP32", "N", 2));
        var order = JobBench.Order(model, version);
        var lines = Lines(Rows).Split('\n');
        (lines[3], lines[50]) = ("{\"x\":[1]}", "no json");

        var progress = await bench.RunAsync(order, string.Join('\n', lines));

        Assert.Equal((Rows - 2, 2L), (progress.RowsDone, progress.RowsFailed));
        AssertOutput(await bench.LinesAsync(progress.Output!), Enumerable.Range(0, Rows).Where(row => row is not (3 or 50)));
        var errors = (await bench.ErrorsAsync(order)).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToArray();
        Assert.Equal([3, 50], errors.Select(error => error.GetProperty("row").GetInt64()));
        Assert.Equal("x", errors[0].GetProperty("column").GetString());
    }

    [Fact]
    public async Task Row_ThatTheModelFailsOn_FailsAlone()
    {
        await using var bench = await JobBench.StartAsync(redis);
        // Picks the value at the index that the row gives; there are four of them.
        var (model, version) = await bench.LoadAsync(new OnnxBuilder()
            .Input("x", OnnxBuilder.Int64, ["N"]).Output("y", OnnxBuilder.Float, ["N"])
            .Floats("table", [4], [10, 11, 12, 13]).Node("Gather", ["table", "x"], ["y"]).Build());
        var order = JobBench.Order(model, version);

        var progress = await bench.RunAsync(order, string.Join('\n', Enumerable.Range(0, 20).Select(i => $"{{\"x\":{(i == 13 ? 99 : i % 4)}}}")));

        Assert.Equal((19L, 1L), (progress.RowsDone, progress.RowsFailed));
        var error = JsonSerializer.Deserialize<JsonElement>(Assert.Single(await bench.ErrorsAsync(order)));
        Assert.Equal(13, error.GetProperty("row").GetInt64());
        Assert.StartsWith("The model", error.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_OfDifferentShapes_AreScoredAsTheyAre()
    {
        await using var bench = await JobBench.StartAsync(redis);
        var (model, version) = await bench.LoadAsync(OnnxBuilder.Identity("FP32", "N", "length"));
        var order = JobBench.Order(model, version);

        var progress = await bench.RunAsync(order, "{\"x\":[1,2]}\n{\"x\":[3]}\n{\"x\":[4]}\n{\"x\":[5,6,7]}\n");

        Assert.Equal([2, 1, 1, 3], (await bench.LinesAsync(progress.Output!)).Select(line => ValuesOf(line).Length));
    }

    [Fact]
    public async Task Model_WithoutABatchDimension_TakesARowAtATime()
    {
        await using var bench = await JobBench.StartAsync(redis);
        var (model, version) = await bench.LoadAsync(OnnxBuilder.Identity("FP32", 2));
        var order = JobBench.Order(model, version);

        var progress = await bench.RunAsync(order, Lines(25));

        Assert.Equal(25, progress.RowsDone);
        AssertOutput(await bench.LinesAsync(progress.Output!), Enumerable.Range(0, 25));
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("parquet")]
    public async Task Output_InAnyFormat_IsOneWholeFile(string format)
    {
        await using var bench = await JobBench.StartAsync(redis);
        var (model, version) = await bench.LoadAsync(OnnxBuilder.Identity("FP32", "N", 2));
        var first = await bench.RunAsync(JobBench.Order(model, version, output: format), Lines(Rows));
        var file = await bench.ReadAsync(first.Output!);
        Assert.Equal(first.OutputBytes, file.Length);
        if (format == "csv") Assert.Equal(Rows + 1, System.Text.Encoding.UTF8.GetString(file).TrimEnd().Split('\n').Length);
        else Assert.Equal(("PAR1", "PAR1"), (System.Text.Encoding.ASCII.GetString(file[..4]), System.Text.Encoding.ASCII.GetString(file[^4..])));
    }

    [Fact]
    public async Task Input_InParquet_IsReadFromItsPartsAndACutOneIsAFaultOfTheWhole()
    {
        await using var bench = await JobBench.StartAsync(redis);
        var (model, version) = await bench.LoadAsync(OnnxBuilder.Identity("FP32", "N", 1));
        var file = await ParquetAsync();
        var progress = await bench.RunAsync(JobBench.Order(model, version, "parquet"), file);
        Assert.True(progress.Fault is null, progress.Fault?.Detail);
        Assert.Equal(Enumerable.Range(0, Rows).Select(row => (double)row), (await bench.LinesAsync(progress.Output!)).Select(line => ValuesOf(line).Single()));

        foreach (var cut in (int[])[1, file.Length / 2, file.Length - 1])
        {
            var fault = (await bench.RunAsync(JobBench.Order(model, version, "parquet"), file[..cut])).Fault;
            Assert.Equal(JobReason.InputInvalid, fault?.Reason);
        }
    }

    [Theory]
    [InlineData("jsonl", "")]
    [InlineData("csv", "a,b,c\n1,2,3\n")]
    [InlineData("parquet", "no parquet")]
    [InlineData("idx", "no idx file")]
    public async Task Input_ThatCannotBeRead_IsAFaultThatSaysWhy(string format, string content)
    {
        await using var bench = await JobBench.StartAsync(redis);
        var (model, version) = await bench.LoadAsync(OnnxBuilder.Identity("FP32", "N", 2));

        var progress = await bench.RunAsync(JobBench.Order(model, version, format), content);

        Assert.Equal(JobReason.InputInvalid, progress.Fault?.Reason);
        Assert.NotEmpty(progress.Fault!.Detail);
    }

    [Fact]
    public async Task Input_ThatHoldsMoreThanItsSizeSays_IsAFaultThatNamesTheRow()
    {
        await using var bench = await JobBench.StartAsync(redis, ("Jobs:MaxDecodedBytes", "2048"));
        var (model, version) = await bench.LoadAsync(OnnxBuilder.Identity("FP32", "N", 2));

        var table = "x[0],x[1]\n" + string.Concat(Enumerable.Range(0, Rows).Select(i => $"{i},{-i}\n"));
        var fault = (await bench.RunAsync(JobBench.Order(model, version, "csv"), table)).Fault;

        Assert.Equal(JobReason.InputInvalid, fault?.Reason);
        Assert.InRange(fault!.Row!.Value, 1, Rows - 1);
        Assert.Contains("Jobs:MaxDecodedBytes", fault.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Input_OfManyMegabytes_IsNeverHeldWhole()
    {
        const int Values = 256;
        const int Lines = 64_000;
        await using var bench = await JobBench.StartAsync(redis);
        var (model, version) = await bench.LoadAsync(OnnxBuilder.Identity("FP32", "N", Values));
        // 33 MB of text, 66 MB of tensors, and as much again of results.
        var line = Encoding.UTF8.GetBytes($"{{\"x\":[{string.Join(',', Enumerable.Repeat(0, Values))}]}}\n");
        var rows = new byte[line.Length * Lines];
        for (var i = 0; i < Lines; i++) line.CopyTo(rows, i * line.Length);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var job = bench.RunAsync(JobBench.Order(model, version, shardRows: 500), rows);
        var largest = before;
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!job.IsCompleted && await look.WaitForNextTickAsync(Cancellation)) largest = Math.Max(largest, GC.GetTotalMemory(forceFullCollection: true));

        Assert.Equal(Lines, (await job).RowsDone);
        Assert.InRange(largest - before, long.MinValue, 40 << 20);
    }

    [Fact]
    public async Task Version_OfOtherBytes_IsNotWhatTheJobWanted()
    {
        await using var bench = await JobBench.StartAsync(redis);
        var (model, _) = await bench.LoadAsync(OnnxBuilder.Identity("FP32", "N", 2));
        var other = await bench.Host.PlaceAsync("1.0.0", OnnxBuilder.Identity("FP64", "N", 2));
        var order = JobBench.Order(model, other);
        await bench.Book.OpenAsync(order);
        Assert.Equal(Telling.Taken, await bench.Book.AddShardAsync(order, new JobShard(0, 0, 1, "none")));

        var (own, version) = await bench.LoadAsync(OnnxBuilder.Identity("FP32", "N", 2));
        Assert.Equal(5, (await bench.RunAsync(JobBench.Order(own, version), Lines(5))).RowsDone);
        Assert.Empty(await bench.Book.ResultsAsync(order.Id));
    }

    [Fact]
    public async Task Requests_WhileAJobRuns_AreAnsweredAndTheJobGoesOn()
    {
        await using var bench = await JobBench.StartAsync(redis);
        var (model, version) = await bench.LoadAsync(OnnxBuilder.Identity("FP32", "N", 2), new DeploymentConfig(Limits: new ServingLimits(MaxQueue: 1)));
        var order = JobBench.Order(model, version);
        var job = bench.RunAsync(order, Lines(Rows));
        var answers = 0;
        while (!job.IsCompleted)
        {
            using var answer = await bench.Host.InferAsync(model, "1.0.0", "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[1,2],\"data\":[1,2]}]}");
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
            answers++;
        }

        Assert.True(answers > 0);
        Assert.Equal(Rows, (await job).RowsDone);
    }

    private static string Lines(int rows) => string.Concat(Enumerable.Range(0, rows).Select(i => $"{{\"x\":[{i},{-i}]}}\n"));

    private static double[] ValuesOf(string line) =>
        [.. JsonSerializer.Deserialize<JsonElement>(line).GetProperty("outputs").GetProperty("y").EnumerateArray().Select(value => value.GetDouble())];

    private static void AssertOutput(string[] lines, IEnumerable<int> rows)
    {
        Assert.Equal(rows, lines.Select(line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("row").GetInt32()));
        Assert.All(lines, line =>
        {
            double row = JsonSerializer.Deserialize<JsonElement>(line).GetProperty("row").GetInt32();
            Assert.Equal([row, -row], ValuesOf(line));
        });
    }

    /// <summary>One column with the number of each row.</summary>
    private static async Task<byte[]> ParquetAsync()
    {
        using var file = new MemoryStream();
        var field = new DataField<float>("x");
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(field), file, cancellationToken: Cancellation))
        using (var group = writer.CreateRowGroup())
        {
            await group.WriteAsync<float>(field, Enumerable.Range(0, Rows).Select(row => (float)row).ToArray(), null, null, Cancellation);
        }

        return file.ToArray();
    }
}
