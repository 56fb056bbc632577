using Platform.Contracts.Models;
using Platform.Core.Models;
using Platform.Core.Results;

namespace Platform.Silo.Models;

internal sealed partial class ModelGrain : IModelLineageGrain
{
    public async Task<Outcome<DecisionView>> GetDecisionAsync(string version, long planRevision, DateTimeOffset at)
    {
        // Not through the list of versions: a version that is gone has answered all the same.
        if (!VersionNumber.TryParse(version, out _)) return Refusal.Invalid("version", VersionNumber.Rule);
        var grain = Version(version);
        var view = await grain.GetAsync();
        var history = await grain.GetHistoryAsync();
        // A deployment's plan is the one that made it live, so later ones under the same number do not count.
        var deployment = Current.Deployments.LastOrDefault(one => one.Version == version && one.PlanRevision <= planRevision);
        return new DecisionView(
            deployment, ProductionHistory.At(Current.Moves, at), view is null ? null : WithTags(view), [.. history.Where(step => step.At <= at)]);
    }
}
