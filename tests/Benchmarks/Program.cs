using Platform.Benchmarks;

return args switch
{
    ["batching"] => await BatchingBenchmark.RunAsync(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Say which: dotnet run -c Release --project tests/Benchmarks -- batching");
    return 2;
}
