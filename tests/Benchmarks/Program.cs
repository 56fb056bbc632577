using Platform.Benchmarks;
using Platform.Benchmarks.Startup;

return args switch
{
    ["startup"] => await StartupBenchmark.RunAsync(rounds: 3),
    ["collections"] => await CollectionsBenchmark.RunAsync(),
    ["batching"] => await BatchingBenchmark.RunAsync(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Say which: dotnet run -c Release --project tests/Benchmarks -- startup | batching | collections");
    return 2;
}
