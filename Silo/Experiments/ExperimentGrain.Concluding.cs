using Platform.Core.Experiments;
using Platform.Core.Results;

namespace Platform.Silo.Experiments;

internal sealed partial class ExperimentGrain
{
    public async Task<Outcome<ExperimentState>> ConcludeAsync(string ship, string actor)
    {
        if (await GetAsync() is not { } experiment) return Unknown();
        if (experiment.FindArm(ship) is not { } arm)
            return Refusal.Invalid("ship", $"It has the arms {string.Join(", ", experiment.Design.Arms.Select(one => one.Name))}.");
        if (arm != experiment.Design.Control) return Refusal.Conflict("Rollouts are not there yet.");
        return experiment;
    }
}
