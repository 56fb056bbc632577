using System.Collections.Immutable;
using CsCheck;
using Platform.Core.Models;
using Platform.Core.Models.Retention;
using static Platform.Core.Tests.Models.Samples;

namespace Platform.Core.Tests.Models.Retention;

public sealed class RetentionRulesTests
{
    private static readonly DateTimeOffset Now = Start.AddMinutes(100);

    [Fact]
    public void Plan_OfAModel_SaysOfEachVersionWhy()
    {
        VersionSummary[] versions =
        [
            Summary("1.0.0", createdMinute: 0), Summary("1.1.0", createdMinute: 1) with { Tags = ["blue", "green"] }, Summary("1.2.0", createdMinute: 2),
            Summary("1.3.0", createdMinute: 3), Summary("1.4.0", createdMinute: 4) with { Parent = "1.0.0+b" }, Summary("1.5.0", createdMinute: 5),
            Summary("1.6.0", createdMinute: 6) with { Stage = VersionStage.Validating }, Summary("1.7.0", createdMinute: 7),
            Summary("1.8.0", createdMinute: 90), Summary("2.0.0", createdMinute: 95),
        ];
        var use = new VersionsInUse(Deployed: ["1.2.0+x"], InRollout: ["1.3.0"], InExperiment: ["1.4.0"], RollbackTarget: "1.5.0");
        var plan = RetentionRules.Plan(new(KeepLast: 1, MaxAge: TimeSpan.FromMinutes(10)), versions, use, Now);

        Assert.Equal(["1.7.0 Expired It is older than 10m and not among the last 1."], Show(plan.Removed));
        Assert.Equal(
            [
                "2.0.0 AmongLast It is number 1 of the last 1.",
                "1.8.0 YoungEnough It is no older than 10m.",
                "1.6.0 BeingValidated It is being validated.",
                "1.5.0 RollbackTarget A rollback would go to it.",
                "1.4.0 InExperiment An experiment needs it.",
                "1.3.0 InRollout A rollout needs it.",
                "1.2.0 Deployed It is deployed.",
                "1.1.0 Tagged It is tagged blue, green.",
                "1.0.0 ParentOfKept 1.4.0, which is kept, was derived from it.",
            ],
            Show(plan.Kept));
    }

    [Theory]
    [InlineData(null, null, "")]
    [InlineData(2, null, "1.2.0 1.1.0 1.0.0")]
    [InlineData(null, 98, "1.1.0 1.0.0")]
    [InlineData(null, 97, "1.2.0 1.1.0 1.0.0")]
    [InlineData(4, 97, "1.0.0")]
    [InlineData(9, null, "")]
    public void Plan_ByRules_RemovesWhatNoRuleKeeps(int? keepLast, int? maxAgeMinutes, string removed)
    {
        var versions = Enumerable.Range(0, 5).Select(i => Summary($"1.{i}.0", createdMinute: i)).ToArray();
        var maxAge = maxAgeMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : (TimeSpan?)null;

        Assert.Equal(removed, string.Join(' ', RetentionRules.Plan(new(keepLast, maxAge), versions, VersionsInUse.None, Now).Removed.Select(gone => gone.Version)));
    }

    [Fact]
    public void Plan_KeepsTheLastRegistered_NotTheHighest()
    {
        VersionSummary[] versions = [Summary("2.0.0", createdMinute: 0), Summary("1.0.5", createdMinute: 1)];

        Assert.Equal("1.0.5", Assert.Single(RetentionRules.Plan(new(1), versions, VersionsInUse.None, Now).Kept).Version);
    }

    [Fact]
    public void Plan_OfParentsInARing_Ends()
    {
        VersionSummary[] versions =
            [Summary("1.0.0") with { Parent = "1.1.0" }, Summary("1.1.0", createdMinute: 1) with { Parent = "1.0.0" }, Summary("1.2.0", createdMinute: 2)];

        Assert.Equal(2, RetentionRules.Plan(new(1), versions, VersionsInUse.None, Now).Removed.Length);
    }

    [Fact]
    public void Plan_NeverRemovesWhatIsNeeded() => Cases.Sample((policy, versions, use) =>
    {
        var plan = RetentionRules.Plan(policy, versions, use, Now);
        var kept = plan.Kept.Select(verdict => verdict.Version).ToHashSet();

        Assert.Equal(versions.Select(version => version.Version).Order(), plan.Removed.Concat(plan.Kept).Select(verdict => verdict.Version).Order());
        Assert.Subset(kept, versions.Where(version => !version.Tags.IsEmpty || version.Stage is VersionStage.Deployed).Select(version => version.Version).ToHashSet());
        Assert.Subset(kept, use.Deployed.Concat(use.InRollout).Concat(use.InExperiment).ToHashSet());
        Assert.Subset(kept, versions.Where(version => kept.Contains(version.Version) && version.Parent is not null).Select(version => version.Parent!).ToHashSet());
        Assert.True(kept.Count >= Math.Min(policy.KeepLast ?? (policy.MaxAge is null ? versions.Length : 0), versions.Length));
    });

    [Fact]
    public void Plan_AfterACleanUp_FindsNothingMore() => Cases.Sample((policy, versions, use) =>
    {
        var kept = RetentionRules.Plan(policy, versions, use, Now).Kept;
        var again = RetentionRules.Plan(policy, [.. versions.Where(version => kept.Any(verdict => verdict.Version == version.Version))], use, Now);

        Assert.Empty(again.Removed);
        Assert.Equal(kept, again.Kept);
    });

    [Fact]
    public void Plan_RemovesAChildBeforeItsParent() => Cases.Sample((policy, versions, use) =>
    {
        var removed = RetentionRules.Plan(policy, versions, use, Now).Removed.Select(verdict => verdict.Version).ToList();
        Assert.All(versions.Where(version => removed.Contains(version.Version) && version.Parent is not null), version =>
            Assert.True(!removed.Contains(version.Parent!) || removed.IndexOf(version.Version) < removed.IndexOf(version.Parent!)));
    });

    private static readonly Gen<(bool Tagged, VersionStage Stage, int? Parent, int Use)> GenVersionFacts = Gen.Select(
        Gen.Frequency((9, false), (1, true)), Gen.Enum<VersionStage>(), Gen.Int[0, 9].Nullable(), Gen.Int[0, 30]);

    /// <summary>Ten-odd versions, each derived from an earlier one or from none, some of them needed.</summary>
    private static readonly Gen<(RetentionPolicy Policy, VersionSummary[] Versions, VersionsInUse Use)> Cases = Gen.Select(
        Gen.Int[1, 6].Nullable(), Gen.Int[1, 100].Nullable(), GenVersionFacts.Array[0, 12], (keepLast, age, facts) =>
        {
            var versions = facts.Select((fact, i) => Summary($"1.{i}.0", createdMinute: 90 + i) with
            {
                Tags = fact.Tagged ? ["t"] : [],
                Stage = fact.Stage,
                Parent = fact.Parent is { } parent && parent < i ? $"1.{parent}.0" : null,
            }).ToArray();
            ImmutableArray<string> Used(int kind) => [.. versions.Where((_, i) => facts[i].Use == kind).Select(version => version.Version)];
            return (new RetentionPolicy(keepLast, age is { } minutes ? TimeSpan.FromMinutes(minutes) / 10 : null), versions, new VersionsInUse(Used(0), Used(1), Used(2)));
        });

    private static IEnumerable<string> Show(ImmutableArray<RetentionVerdict> verdicts) =>
        verdicts.Select(verdict => $"{verdict.Version} {verdict.Reason} {verdict.Why}");
}
