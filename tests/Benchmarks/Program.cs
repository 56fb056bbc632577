using Platform.Benchmarks.Startup;

switch (args)
{
    case ["startup", ..]:
        await StartupBenchmark.RunAsync(rounds: 3);
        return 0;
    default:
        Console.Error.WriteLine("Usage: dotnet run -c Release --project tests/Benchmarks -- startup");
        return 2;
}
