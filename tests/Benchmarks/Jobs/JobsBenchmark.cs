using System.Globalization;
using Platform.Core.Serving;
using Platform.Worker.Jobs;
using Platform.Worker.Serving;

namespace Platform.Benchmarks.Jobs;

/// <summary>
/// How fast a job is beside a plain loop over the same session, and what callers feel of one. What is compared takes
/// turns, so that whatever else the machine does falls on both.
/// </summary>
internal static class JobsBenchmark
{
    private const int Rounds = 5;
    private const int Batch = 32;
    private const int LongJob = 50_000;
    private static readonly (string Version, int Rows)[] Models = [("2.0.0", 400_000), ("2.2.0-slow", 12_000)];

    /// <summary>Connections, and how long each of them rests after an answer.</summary>
    private static readonly (int Connections, TimeSpan Pause)[] Loads = [(4, TimeSpan.FromMilliseconds(100)), (4, TimeSpan.FromMilliseconds(10)), (4, TimeSpan.Zero)];
    private static readonly TimeSpan LoadDuration = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(bool throughput, bool latency)
    {
        await using var redis = await LocalRedis.StartAsync();
        await using var worker = await WorkerUnderTest.StartAsync(redis.Connection, services => services.AddJobs());
        if (throughput) await ThroughputAsync(worker);
        if (latency) await LatencyAsync(worker);
        return 0;
    }

    private static async Task ThroughputAsync(WorkerUnderTest worker)
    {
        var threads = Environment.ProcessorCount;
        Console.WriteLine($"| model | input | job, rows/s | loop of 1 thread | loop of {threads} | job ÷ 1 thread | job ÷ {threads} threads |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var (version, rows) in Models)
        {
            var (served, placed) = await worker.LoadPlacedAsync(version, new DeploymentConfig());
            var jobs = new JobRuns(worker, placed);
            await ThroughputAsync(jobs, served, version, "idx", JobRuns.Idx(rows), rows);
            await ThroughputAsync(jobs, served, version, "jsonl", JobRuns.Jsonl(rows / 4), rows / 4);
        }

        Console.WriteLine();
    }

    private static async Task LatencyAsync(WorkerUnderTest worker)
    {
        Console.WriteLine("| model | connections | pause, ms | p50 without | p50 with | p99 without, ms | p99 with | with ÷ without | requests/s without | with | job, rows/s |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|");
        foreach (var (version, _) in Models)
        {
            var (_, placed) = await worker.LoadPlacedAsync(version, new DeploymentConfig());
            foreach (var load in Loads) await LatencyAsync(worker, new JobRuns(worker, placed), version, load);
        }
    }

    private static async Task ThroughputAsync(JobRuns jobs, ServedVersion served, string version, string format, byte[] input, int rows)
    {
        var (job, one, all) = (new double[Rounds], new double[Rounds], new double[Rounds]);
        await jobs.MeasureAsync(await jobs.BeginAsync(format, input, Batch));
        for (var round = 0; round < Rounds; round++)
        {
            one[round] = await PlainLoop.RunAsync(served, Batch, rows / 2, 1);
            job[round] = rows / await jobs.MeasureAsync(await jobs.BeginAsync(format, input, Batch));
            all[round] = await PlainLoop.RunAsync(served, Batch, rows, Environment.ProcessorCount);
        }

        Console.WriteLine(Text(
            $"| {version} | {format} | {Median(job):0} | {Median(one):0} | {Median(all):0} | {Median(job.Zip(one, (a, b) => a / b)):0.00} | {Median(job.Zip(all, (a, b) => a / b)):0.00} |"));
    }

    private static async Task LatencyAsync(WorkerUnderTest worker, JobRuns jobs, string version, (int Connections, TimeSpan Pause) load)
    {
        var (with, without, rates) = (new LoadResult[Rounds], new LoadResult[Rounds], new double[Rounds]);
        var input = JobRuns.Idx(LongJob);
        await ClosedLoop.RunAsync(worker.Client, version, load.Connections, Warmup, load.Pause);
        for (var round = 0; round < Rounds; round++)
        {
            // Whoever goes first in a round goes second in the next.
            foreach (var hasJob in round % 2 == 0 ? [false, true] : new[] { true, false })
            {
                if (!hasJob)
                {
                    without[round] = await ClosedLoop.RunAsync(worker.Client, version, load.Connections, LoadDuration, load.Pause);
                    continue;
                }

                var order = await jobs.BeginAsync("idx", input, Batch);
                await jobs.OpenAsync(order);
                // Until it has shards in hand and knows of the requests.
                await ClosedLoop.RunAsync(worker.Client, version, load.Connections, Warmup, load.Pause);
                with[round] = await ClosedLoop.RunAsync(worker.Client, version, load.Connections, LoadDuration, load.Pause);
                rates[round] = await jobs.EndAsync(order) / (LoadDuration + Warmup).TotalSeconds;
            }
        }

        Console.WriteLine(Text(
            $"| {version} | {load.Connections} | {load.Pause.TotalMilliseconds:0} | {Quantile(without, 0.5):0.00} | {Quantile(with, 0.5):0.00} | {Quantile(without, 0.99):0.00} | {Quantile(with, 0.99):0.00} | {Quantile(with, 0.99) / Quantile(without, 0.99):0.00} | {Median(without.Select(r => r.Throughput)):0} | {Median(with.Select(r => r.Throughput)):0} | {Median(rates):0} |"));
    }

    /// <summary>Of all rounds' requests: one round has too few of them for its p99 to say anything.</summary>
    private static double Quantile(LoadResult[] rounds, double quantile)
    {
        var all = rounds.SelectMany(round => round.LatenciesMs).Order().ToArray();
        return all[(int)(all.Length * quantile)];
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
