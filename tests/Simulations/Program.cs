using Platform.Simulations.Experiments;
using Platform.Simulations.Rollouts;

return args switch
{
    ["experiments"] => ExperimentTable.Print(),
    ["rollouts"] => RolloutTable.Print(runs: 1_000),
    ["rollouts", var runs] when int.TryParse(runs, out var count) && count > 0 => RolloutTable.Print(count),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Say which: dotnet run -c Release --project tests/Simulations -- experiments | rollouts [runs]");
    return 2;
}
