using Platform.Benchmarks;
using Platform.Benchmarks.Startup;
using Platform.Benchmarks.Transport;

return args switch
{
    ["startup"] => await StartupBenchmark.RunAsync(rounds: 3),
    ["batching"] => await BatchingBenchmark.RunAsync(),
    ["transport"] => await TransportBenchmark.RunAsync(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Say which: dotnet run -c Release --project tests/Benchmarks -- startup | batching | transport");
    return 2;
}
