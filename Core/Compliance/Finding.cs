using System.Collections.Immutable;

namespace Platform.Core.Compliance;

public enum CheckStatus
{
    Pass,
    Fail,
    NotApplicable,
}

/// <summary>What a check found.</summary>
/// <param name="Why">In a sentence: what was looked at and what it came to.</param>
/// <param name="Evidence">Where to look it up: routes, audit entries, digests.</param>
public sealed record Finding(CheckStatus Status, string Why, ImmutableArray<string> Evidence)
{
    public static Finding Of(bool passed, string why, params string[] evidence) => new(passed ? CheckStatus.Pass : CheckStatus.Fail, why, [.. evidence]);

    public static Finding NotApplicable(string why) => new(CheckStatus.NotApplicable, why, []);
}

/// <summary>One executable check.</summary>
/// <param name="Id">Stays the same for good, so that rule packs and reports can name it.</param>
public sealed record ComplianceCheck(string Id, string Title, Func<ComplianceFacts, Finding> Run)
{
    private const string NoProduction = "Nothing of the model is in production.";

    /// <summary>A check that applies only while a version is in production.</summary>
    public static ComplianceCheck OfVersion(string id, string title, Func<ComplianceFacts, VersionFacts, Finding> run) =>
        new(id, title, facts => facts.Production is { } version ? run(facts, version) : Finding.NotApplicable(NoProduction));

    /// <summary>A check that applies only while a version serves.</summary>
    public static ComplianceCheck OfServing(string id, string title, Func<ComplianceFacts, ServingFacts, Finding> run) =>
        new(id, title, facts => facts.Serving is { } serving ? run(facts, serving) : Finding.NotApplicable(NoProduction));
}
