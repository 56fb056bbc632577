using Platform.Benchmarks;
using Platform.Benchmarks.Startup;

return args switch
{
    ["startup"] => await StartupBenchmark.RunAsync(rounds: 3),
    ["batching"] => await BatchingBenchmark.RunAsync(),
    ["drift"] => await DriftBenchmark.RunAsync(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Say which: dotnet run -c Release --project tests/Benchmarks -- startup | batching | drift");
    return 2;
}
