using Platform.Benchmarks;
using Platform.Benchmarks.Audit;
using Platform.Benchmarks.Jobs;
using Platform.Benchmarks.Speed;
using Platform.Benchmarks.Speed.Peers;
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
    ["loading"] => await LoadingBenchmark.RunAsync(),
    ["registry"] => await RegistryBenchmark.RunAsync(),
    ["rollback"] => await RollbackBenchmark.RunAsync(rollbacks: 100),
    ["rollback", var count] when int.TryParse(count, out var rollbacks) && rollbacks > 0 => await RollbackBenchmark.RunAsync(rollbacks),
    ["speed", .. var parts] => await SpeedBenchmark.RunAsync(parts),
    [PeerProcess.Verb, var kind] => await PeerProcess.RunAsync(kind),
    ["transport"] => await TransportBenchmark.RunAsync(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Say which: dotnet run -c Release --project tests/Benchmarks -- startup | batching | collections | audit | counting | metrics-query | drift | formats | jobs [throughput | latency] | loading | registry | rollback [count] | speed [parts] | transport");
    return 2;
}
