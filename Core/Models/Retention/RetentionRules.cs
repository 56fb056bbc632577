using System.Collections.Immutable;

namespace Platform.Core.Models.Retention;

/// <summary>Decides which versions of a model a clean-up removes.</summary>
public static class RetentionRules
{
    /// <param name="versions">All versions of one model.</param>
    public static RetentionPlan Plan(
        RetentionPolicy policy, IReadOnlyCollection<VersionSummary> versions, VersionsInUse use, DateTimeOffset now)
    {
        var newestFirst = versions
            .OrderByDescending(version => version.CreatedAt)
            .ThenByDescending(version => VersionNumber.Parse(version.Version), Semver.SemVersion.PrecedenceComparer)
            .ToImmutableArray();
        var needs = new Needs(use);
        var verdicts = newestFirst
            .Select((version, rank) => needs.Judge(version) ?? Judge(policy, version, rank, now))
            .ToArray();
        KeepParents(newestFirst, verdicts);
        return new(
            [.. verdicts.Where(verdict => verdict.Reason is RetentionReason.Expired)],
            [.. verdicts.Where(verdict => verdict.Reason is not RetentionReason.Expired)]);
    }

    private static RetentionVerdict Judge(RetentionPolicy policy, VersionSummary version, int rank, DateTimeOffset now)
    {
        if (!policy.HasRule) return new(version.Version, RetentionReason.NoRule, "The policy has no rule.");
        if (rank < policy.KeepLast)
            return new(version.Version, RetentionReason.AmongLast, $"It is number {rank + 1} of the last {policy.KeepLast}.");
        if (now - version.CreatedAt <= policy.MaxAge)
        {
            var age = DurationConverter.Format(policy.MaxAge.Value);
            return new(version.Version, RetentionReason.YoungEnough, $"It is no older than {age}.");
        }

        return new(version.Version, RetentionReason.Expired, Expired(policy));
    }

    private static string Expired(RetentionPolicy policy)
    {
        var age = policy.MaxAge is { } limit ? $"older than {DurationConverter.Format(limit)}" : null;
        var last = policy.KeepLast is { } count ? $"not among the last {count}" : null;
        return $"It is {string.Join(" and ", new[] { age, last }.OfType<string>())}.";
    }

    /// <summary>Keeps the parents of what is kept, their parents, and so on.</summary>
    private static void KeepParents(ImmutableArray<VersionSummary> versions, RetentionVerdict[] verdicts)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < versions.Length; i++) places[VersionNumber.Canonical(versions[i].Version)] = i;

        var open = new Queue<int>(Enumerable.Range(0, verdicts.Length).Where(i => verdicts[i].Reason is not RetentionReason.Expired));
        while (open.TryDequeue(out var child))
        {
            if (versions[child].Parent is not { } parent || !places.TryGetValue(VersionNumber.Canonical(parent), out var place)) continue;
            if (verdicts[place].Reason is not RetentionReason.Expired) continue;
            var why = $"{versions[child].Version}, which is kept, was derived from it.";
            verdicts[place] = new(versions[place].Version, RetentionReason.ParentOfKept, why);
            open.Enqueue(place);
        }
    }

    /// <summary>What keeps a version whatever the policy says.</summary>
    private sealed class Needs(VersionsInUse use)
    {
        private readonly HashSet<string> deployed = Canonical(use.Deployed);
        private readonly HashSet<string> inRollout = Canonical(use.InRollout);
        private readonly HashSet<string> inExperiment = Canonical(use.InExperiment);
        private readonly HashSet<string> rollbackTarget = Canonical(use.RollbackTarget is { } target ? [target] : []);

        public RetentionVerdict? Judge(VersionSummary version)
        {
            var number = VersionNumber.Canonical(version.Version);
            if (!version.Tags.IsEmpty)
                return new(version.Version, RetentionReason.Tagged, $"It is tagged {string.Join(", ", version.Tags)}.");
            if (deployed.Contains(number) || version.Stage is VersionStage.Deployed)
                return new(version.Version, RetentionReason.Deployed, "It is deployed.");
            if (inRollout.Contains(number)) return new(version.Version, RetentionReason.InRollout, "A rollout needs it.");
            if (inExperiment.Contains(number)) return new(version.Version, RetentionReason.InExperiment, "An experiment needs it.");
            if (rollbackTarget.Contains(number)) return new(version.Version, RetentionReason.RollbackTarget, "A rollback would go to it.");
            return version.Stage is VersionStage.Validating
                ? new(version.Version, RetentionReason.BeingValidated, "It is being validated.")
                : null;
        }

        private static HashSet<string> Canonical(IEnumerable<string> versions) =>
            versions.Select(VersionNumber.Canonical).ToHashSet(StringComparer.Ordinal);
    }
}
