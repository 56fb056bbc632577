using System.Collections.Frozen;
using System.Collections.Immutable;
using Platform.Core.Results;

namespace Platform.Core.Models;

/// <summary>Which steps a version's life allows.</summary>
public static class Lifecycle
{
    private static readonly FrozenDictionary<VersionStage, ImmutableArray<VersionStage>> ByHand =
        new Dictionary<VersionStage, ImmutableArray<VersionStage>>
        {
            [VersionStage.Created] = [VersionStage.Training, VersionStage.Validating, VersionStage.Rejected, VersionStage.Retired],
            [VersionStage.Training] = [VersionStage.Created, VersionStage.Validating, VersionStage.Rejected, VersionStage.Retired],
            [VersionStage.Validating] = [VersionStage.Validated, VersionStage.Rejected],
            [VersionStage.Validated] = [VersionStage.Validating, VersionStage.Staged, VersionStage.Rejected, VersionStage.Retired],
            [VersionStage.Staged] = [VersionStage.Validating, VersionStage.Rejected, VersionStage.Retired],
            [VersionStage.Deployed] = [],
            [VersionStage.Retired] = [],
            [VersionStage.Rejected] = [VersionStage.Validating, VersionStage.Retired],
        }.ToFrozenDictionary();

    /// <summary>The stages to which a person may move a version by hand.</summary>
    public static ImmutableArray<VersionStage> AllowedFrom(VersionStage stage) => ByHand[stage];

    /// <summary>Whether a person may take this step; null when so, else why not and what is allowed.</summary>
    public static Refusal? Refuse(VersionStage from, VersionStage to)
    {
        if (ByHand[from].Contains(to)) return null;
        var allowed = ByHand[from].IsEmpty ? "none by hand" : string.Join(", ", ByHand[from].Select(Text));
        var hint = (from, to) switch
        {
            (VersionStage.Deployed, _) => " Undeploy the version first.",
            (_, VersionStage.Deployed) => " A version becomes deployed by a deployment or rollout.",
            _ => "",
        };
        return Refusal.Conflict($"A version cannot go from {Text(from)} to {Text(to)}. Allowed from {Text(from)}: {allowed}.{hint}");
    }

    /// <summary>Whether a version in that stage may be put to work; null when so.</summary>
    public static Refusal? RefuseDeployment(VersionStage stage) => stage is VersionStage.Retired or VersionStage.Rejected
        ? Refusal.Conflict($"A {Text(stage)} version cannot be deployed. Register a new version.")
        : null;

    private static string Text(VersionStage stage) => stage.ToString().ToLowerInvariant();
}
