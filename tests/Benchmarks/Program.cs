using Platform.Benchmarks;
using Platform.Benchmarks.Audit;
using Platform.Benchmarks.Startup;

return args switch
{
    ["startup"] => await StartupBenchmark.RunAsync(rounds: 3),
    ["audit"] => await AppendBenchmark.RunAsync() + VerifyBenchmark.Run(),
    ["collections"] => await CollectionsBenchmark.RunAsync(),
    ["batching"] => await BatchingBenchmark.RunAsync(),
    ["counting"] => await CountingBenchmark.RunAsync(),
    ["metrics-query"] => await MetricsQueryBenchmark.RunAsync(),
    ["drift"] => await DriftBenchmark.RunAsync(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Say which: dotnet run -c Release --project tests/Benchmarks -- startup | batching | collections | audit | counting | metrics-query | drift");
    return 2;
}
