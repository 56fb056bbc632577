using Platform.Simulations.Drift;

return args switch
{
    ["drift"] => DriftTable.Print(runs: 4_000),
    ["drift", var runs] when int.TryParse(runs, out var count) && count > 0 => DriftTable.Print(count),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Say which: dotnet run -c Release --project tests/Simulations -- drift [runs]");
    return 2;
}
