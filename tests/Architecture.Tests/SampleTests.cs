using Platform.Architecture.Tests.Reading;
using Platform.Architecture.Tests.Rules;
using Platform.Architecture.Tests.Samples;

namespace Platform.Architecture.Tests;

/// <summary>Each rule can fail, and lets pass what looks alike.</summary>
public sealed class SampleTests
{
    public static TheoryData<string, string, string, string> Bad =>
        [.. ProjectSamples.Bad, .. CodeSamples.Bad, .. DeclarationSamples.Bad, .. DocumentSamples.Bad];

    public static TheoryData<string, string, string, string> Good =>
        [.. ProjectSamples.Good, .. CodeSamples.Good, .. DeclarationSamples.Good, .. DocumentSamples.Good];

    [Theory]
    [MemberData(nameof(Bad))]
    public void BadSample_BreaksItsRule(string rule, string path, string text, string otherPath)
    {
        var violation = Assert.Single(Check(rule, path, text, otherPath));
        Assert.StartsWith(path, violation.Where, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Good))]
    public void GoodSample_KeepsItsRule(string rule, string path, string text, string otherPath) =>
        Assert.Empty(Check(rule, path, text, otherPath));

    [Theory]
    [MemberData(nameof(AllRules.Names), MemberType = typeof(AllRules))]
    public void EveryRule_HasABadAndAGoodSample(string rule)
    {
        Assert.Contains(Bad, sample => sample.Data.Item1 == rule);
        Assert.Contains(Good, sample => sample.Data.Item1 == rule);
    }

    [Fact]
    public void Violation_SaysTheLine()
    {
        var violation = Assert.Single(BannedCallRule.Calls([new("Api/A.cs", "class A\n{\n    async void B() { }\n}\n")]));
        Assert.Equal("Api/A.cs:3: async void: Return Task: an exception in async void ends the process.", violation.ToString());
    }

    private static Violation[] Check(string rule, string path, string text, string otherPath)
    {
        SourceFile[] files = otherPath.Length == 0 ? [new(path, text)] : [new(path, text), new(otherPath, "")];
        return [.. AllRules.ByName[rule](files)];
    }
}
