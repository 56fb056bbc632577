using Platform.Benchmarks;
using Platform.Benchmarks.Audit;
using Platform.Benchmarks.Jobs;
using Platform.Benchmarks.Startup;
using Platform.Benchmarks.Transport;

return args switch
{
    ["startup"] => await StartupBenchmark.RunAsync(rounds: 3),
    ["audit"] => await AppendBenchmark.RunAsync() + VerifyBenchmark.Run(),
    ["collections"] => await CollectionsBenchmark.RunAsync(),
    ["batching"] => await BatchingBenchmark.RunAsync(),
    ["counting"] => await CountingBenchmark.RunAsync(),
    ["metrics-query"] => await MetricsQueryBenchmark.RunAsync(),
    ["formats"] => await FormatsBenchmark.RunAsync(),
    ["drift"] => await DriftBenchmark.RunAsync(),
    ["jobs"] => await JobsBenchmark.RunAsync(throughput: true, latency: true),
    ["jobs", "throughput"] => await JobsBenchmark.RunAsync(throughput: true, latency: false),
    ["jobs", "latency"] => await JobsBenchmark.RunAsync(throughput: false, latency: true),
    ["registry"] => await RegistryBenchmark.RunAsync(),
    ["rollback"] => await RollbackBenchmark.RunAsync(rollbacks: 100),
    ["rollback", var count] when int.TryParse(count, out var rollbacks) && rollbacks > 0 => await RollbackBenchmark.RunAsync(rollbacks),
    ["transport"] => await TransportBenchmark.RunAsync(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Say which: dotnet run -c Release --project tests/Benchmarks -- startup | batching | collections | audit | counting | metrics-query | drift | formats | jobs [throughput | latency] | registry | rollback [count] | transport");
    return 2;
}
