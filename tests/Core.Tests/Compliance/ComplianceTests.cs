using System.Collections.Immutable;
using Platform.Core.Compliance;

namespace Platform.Core.Tests.Compliance;

public sealed class ComplianceTests
{
    public static TheoryData<string> Ids => [.. ComplianceChecks.All.Select(check => check.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Check_OfThePassingFixture_PassesWithEvidence(string id)
    {
        var found = Find(id).Run(FactFixtures.Good);

        Assert.Equal(CheckStatus.Pass, found.Status);
        Assert.NotEmpty(found.Why);
        Assert.NotEmpty(found.Evidence);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Check_OfItsFailingFixture_FailsWithEvidence(string id)
    {
        var found = Find(id).Run(FactFixtures.Bad[id](FactFixtures.Good));

        Assert.Equal(CheckStatus.Fail, found.Status);
        Assert.NotEmpty(found.Evidence);
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Check_WithoutAnythingInProduction_NeverPassesForAVersion(string id)
    {
        var found = Find(id).Run(FactFixtures.Good with { Production = null, Serving = null });

        // What is of the platform or the model still applies; what is of a version does not.
        Assert.NotEqual(CheckStatus.Fail, found.Status);
    }

    [Fact]
    public void Checks_AreManyAndEachHasAnIdOfItsOwn()
    {
        Assert.True(ComplianceChecks.All.Length >= 30);
        Assert.Equal(ComplianceChecks.All.Length, ComplianceChecks.All.Select(check => check.Id).Distinct().Count());
        Assert.Equal(ComplianceChecks.All.Select(check => check.Id).Order(), FactFixtures.Bad.Keys.Order());
    }

    [Fact]
    public void Packs_NameChecksThatThereAre_AndEveryCheckServesARule()
    {
        var named = RulePack.Embedded.SelectMany(pack => pack.Rules.SelectMany(rule => rule.Checks)).ToHashSet();

        Assert.Equal(["eu-ai-act", "gdpr", "mlps", "nist-ai-rmf"], RulePack.Embedded.Select(pack => pack.Id).Order());
        Assert.Equal(ComplianceChecks.All.Select(check => check.Id).Order(), named.Order());
        var rules = RulePack.Embedded.SelectMany(pack => pack.Rules.Select(rule => rule.Id)).ToArray();
        Assert.All(
            (string[])["GDPR Art. 5(1)(e)", "GDPR Art. 17", "GDPR Art. 30", "GDPR Art. 32", "EU AI Act Art. 12", "EU AI Act Art. 19", "EU AI Act Art. 26(6)"],
            rule => Assert.Contains(rule, rules));
    }

    [Fact]
    public void Report_OfThePassingFixture_FailsNothing()
    {
        var report = ComplianceReport.Of(FactFixtures.Good, RulePack.Embedded);

        Assert.Equal((ComplianceChecks.All.Length, 0, 0), (report.Passed, report.Failed, report.NotApplicable));
        Assert.All(report.Packs.SelectMany(pack => pack.Rules), rule => Assert.Equal(CheckStatus.Pass, rule.Status));
        Assert.All(report.Checks, check => Assert.NotEmpty(check.Rules));
        Assert.Contains("not legal advice", report.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_WithOneFailure_FailsTheRulesThatItServesAndNoOther()
    {
        var report = ComplianceReport.Of(FactFixtures.Bad["data.erasure.timely"](FactFixtures.Good), RulePack.Embedded);

        Assert.Equal(1, report.Failed);
        var failed = report.Packs.SelectMany(pack => pack.Rules).Where(rule => rule.Status is CheckStatus.Fail).Select(rule => rule.Id).ToArray();
        Assert.Contains("GDPR Art. 17", failed);
        Assert.DoesNotContain("GDPR Art. 30", failed);
    }

    [Fact]
    public void Pack_IsInForceBetweenItsDates()
    {
        var pack = new RulePack("p", "Pack", "text", new DateOnly(2026, 8, 2), new DateOnly(2026, 12, 31), [new("r", "Rule", ["data.sealed"])]);

        Assert.False(pack.IsInForce(new DateTimeOffset(2026, 8, 1, 23, 59, 59, TimeSpan.Zero)));
        Assert.True(pack.IsInForce(new DateTimeOffset(2026, 8, 2, 0, 0, 0, TimeSpan.Zero)));
        Assert.True(pack.IsInForce(new DateTimeOffset(2026, 12, 31, 23, 0, 0, TimeSpan.Zero)));
        Assert.False(pack.IsInForce(new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        Assert.False(Assert.Single(ComplianceReport.Of(FactFixtures.Good with { At = new DateTimeOffset(2026, 8, 1, 0, 0, 0, TimeSpan.Zero) }, [pack]).Packs).InForce);
    }

    private static ComplianceCheck Find(string id) => ComplianceChecks.All.Single(check => check.Id == id);
}
