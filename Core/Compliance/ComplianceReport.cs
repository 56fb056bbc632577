using System.Collections.Immutable;

namespace Platform.Core.Compliance;

/// <param name="Rules">The rules it serves, such as "GDPR Art. 17".</param>
public sealed record CheckResult(string Id, string Title, CheckStatus Status, string Why, ImmutableArray<string> Rules, ImmutableArray<string> Evidence);

/// <param name="InForce">Whether it was in force on the day of the report; one that was not is shown and says so.</param>
public sealed record PackResult(string Id, string Name, string Source, DateOnly EffectiveFrom, DateOnly? EffectiveTo, bool InForce, ImmutableArray<RuleResult> Rules);

/// <param name="Status">Fail if any of its checks fails; not applicable if none applies.</param>
public sealed record RuleResult(string Id, string Title, CheckStatus Status, ImmutableArray<string> Checks);

/// <summary>What all checks found of one model at one moment.</summary>
public sealed record ComplianceReport(
    string Model, string? Version, DateTimeOffset At, string Notice, int Passed, int Failed, int NotApplicable,
    ImmutableArray<CheckResult> Checks, ImmutableArray<PackResult> Packs)
{
    public const string IsNoAdvice =
        "This report is evidence: it says what the platform found of itself by its own checks at one moment. It is not legal advice, "
        + "it does not say whether a law applies to you, and passing every check does not mean that a law is met.";

    /// <summary>Runs every check once. A rule that no pack in force names still has its checks run.</summary>
    public static ComplianceReport Of(ComplianceFacts facts, ImmutableArray<RulePack> packs)
    {
        var served = packs.SelectMany(pack => pack.Rules.SelectMany(rule => rule.Checks.Select(check => (check, rule.Id)))).ToLookup(pair => pair.check, pair => pair.Id);
        var checks = ComplianceChecks.All.Select(check =>
        {
            var found = check.Run(facts);
            return new CheckResult(check.Id, check.Title, found.Status, found.Why, [.. served[check.Id].Distinct()], found.Evidence);
        }).ToImmutableArray();
        var byId = checks.ToDictionary(check => check.Id, check => check.Status);
        return new(
            facts.Model, facts.Production?.Version, facts.At, IsNoAdvice, Count(checks, CheckStatus.Pass), Count(checks, CheckStatus.Fail), Count(checks, CheckStatus.NotApplicable),
            checks,
            [
                .. packs.Select(pack => new PackResult(
                    pack.Id, pack.Name, pack.Source, pack.EffectiveFrom, pack.EffectiveTo, pack.IsInForce(facts.At),
                    [.. pack.Rules.Select(rule => new RuleResult(rule.Id, rule.Title, StatusOf(rule.Checks.Select(id => byId[id])), rule.Checks))])),
            ]);
    }

    private static int Count(ImmutableArray<CheckResult> checks, CheckStatus status) => checks.Count(check => check.Status == status);

    private static CheckStatus StatusOf(IEnumerable<CheckStatus> statuses)
    {
        var all = statuses.ToHashSet();
        return all.Contains(CheckStatus.Fail) ? CheckStatus.Fail : all.Contains(CheckStatus.Pass) ? CheckStatus.Pass : CheckStatus.NotApplicable;
    }
}
