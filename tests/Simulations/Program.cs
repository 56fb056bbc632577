using Platform.Simulations.Alerts;
using Platform.Simulations.Attacks;
using Platform.Simulations.Drift;
using Platform.Simulations.Experiments;
using Platform.Simulations.Rollouts;

return args switch
{
    ["experiments"] => ExperimentTable.Print(),
    ["rollouts"] => RolloutTable.Print(runs: 1_000),
    ["rollouts", var runs] when int.TryParse(runs, out var count) && count > 0 => RolloutTable.Print(count),
    ["drift"] => DriftTable.Print(runs: 4_000),
    ["drift", var runs] when int.TryParse(runs, out var count) && count > 0 => DriftTable.Print(count),
    ["alerts"] => BurnTable.Print(runs: 20) + DefaultRulesTable.Print(runs: 10),
    ["alerts", var runs] when int.TryParse(runs, out var count) && count > 0 => BurnTable.Print(count) + DefaultRulesTable.Print(count),
    ["default-rules", var runs] when int.TryParse(runs, out var count) && count > 0 => DefaultRulesTable.Print(count),
    ["attacks"] => AttackTable.Print(attacks: 200),
    ["attacks", var count] when int.TryParse(count, out var attacks) && attacks > 0 => AttackTable.Print(attacks),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Say which: dotnet run -c Release --project tests/Simulations -- experiments | rollouts | drift | alerts | attacks [runs] | default-rules <runs>");
    return 2;
}
