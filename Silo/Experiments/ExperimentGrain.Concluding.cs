using Platform.Contracts.Models;
using Platform.Core.Experiments;
using Platform.Core.Results;
using Platform.Core.Rollouts;

namespace Platform.Silo.Experiments;

internal sealed partial class ExperimentGrain
{
    public async Task<Outcome<ExperimentState>> ConcludeAsync(string ship, RolloutRequest rollout, string actor)
    {
        if (await GetAsync() is not { } experiment) return Unknown();
        if (experiment.FindArm(ship) is not { } arm)
            return Refusal.Invalid("ship", $"Give one of its arms: {string.Join(", ", experiment.Design.Arms.Select(one => one.Name))}.");
        if (experiment.Shipped is { } before)
            return before == ship ? experiment : Refusal.Conflict($"It was concluded already, with {before}.");
        var request = rollout with { To = arm.Version };
        // Before anything ends: a rollout that could not begin leaves the experiment as it is.
        if (RolloutRules.Refuse(request) is { } invalid) return invalid with { Field = $"rollout.{invalid.Field}" };
        if (!experiment.HasEnded) await SaveAsync(experiment.Stop(actor, $"Concluded with {ship}.", clock.GetUtcNow()));
        if (!latest!.Released) await ReleaseAsync(latest);

        var model = await GrainFactory.GetGrain<IModelGrain>(experiment.Model).GetAsync();
        if (!model.Succeeded(out var view, out var gone)) return gone;
        string? id = null;
        if (view.Production != arm.Version)
        {
            var begun = await GrainFactory.GetGrain<IModelRolloutGrain>(experiment.Model).BeginRolloutAsync(request, actor);
            if (!begun.Succeeded(out var started, out var refusal)) return refusal;
            id = started.Id;
        }

        await SaveAsync(latest with { Shipped = ship, Rollout = id });
        LogConcluded(experiment.Model, experiment.Design.Name, ship, arm.Version, id ?? "none, it is in production");
        return latest;
    }

    [LoggerMessage(LogLevel.Information, "Experiment {Experiment} of {Model} was concluded with {Arm}, version {Version}; rollout: {Rollout}.")]
    private partial void LogConcluded(string model, string experiment, string arm, string version, string rollout);
}
