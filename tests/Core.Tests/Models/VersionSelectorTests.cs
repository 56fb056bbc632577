using System.Collections.Immutable;
using CsCheck;
using Platform.Core.Models;
using Platform.Core.Results;

namespace Platform.Core.Tests.Models;

public sealed class VersionSelectorTests
{
    private static readonly string[] Versions =
    [
        "1.0.0", "1.2.0", "1.2.3-beta.4", "1.2.3+b7", "1.2.4-rc.1", "1.9.9", "2.0.0-rc.1", "2.0.0", "2.3.9", "0.2.3", "0.2.9", "0.3.0", "0.0.3",
    ];

    private static readonly Dictionary<string, string> Tags = new() { ["production"] = "1.9.9", ["next"] = "2.0.0-rc.1", ["gone"] = "7.0.0" };

    [Theory]
    [InlineData("1.2.3", "1.2.3+b7"), InlineData("1.2.3+other", "1.2.3+b7"), InlineData("1.2.4-rc.1", "1.2.4-rc.1"), InlineData("9.9.9", "")]
    [InlineData("@production", "1.9.9"), InlineData("@next", "2.0.0-rc.1"), InlineData("@gone", ""), InlineData("@unknown", "")]
    [InlineData("^1.2", "1.9.9 1.2.3+b7 1.2.0"), InlineData("~1.2", "1.2.3+b7 1.2.0"), InlineData("1.x", "1.9.9 1.2.3+b7 1.2.0 1.0.0")]
    [InlineData("1.2", "1.2.3+b7 1.2.0"), InlineData("1", "1.9.9 1.2.3+b7 1.2.0 1.0.0"), InlineData("1.2.*", "1.2.3+b7 1.2.0")]
    [InlineData(">=1.0 <2.0", "1.9.9 1.2.3+b7 1.2.0 1.0.0"), InlineData(">1.2.3 <=2.0.0", "2.0.0 1.9.9"), InlineData("=1.2.3", "1.2.3+b7")]
    [InlineData("1.2.0 - 2.0.0", "2.0.0 1.9.9 1.2.3+b7 1.2.0"), InlineData("1.2 - 2.0", "2.0.0 1.9.9 1.2.3+b7 1.2.0")]
    [InlineData("1.0.0 || 2.x", "2.3.9 2.0.0 1.0.0"), InlineData("^0.2.3", "0.2.9 0.2.3"), InlineData("^0.0.3", "0.0.3"), InlineData("~0.2", "0.2.9 0.2.3")]
    [InlineData("*", "2.3.9 2.0.0 1.9.9 1.2.3+b7 1.2.0 1.0.0 0.3.0 0.2.9 0.2.3 0.0.3"), InlineData("^3", "")]
    public void Select_OfASelector_GivesTheMatchingOnesHighestFirst(string text, string expected)
    {
        var selector = Parse(text);
        var found = selector.Select(Versions, Tags);

        Assert.Equal(expected, string.Join(' ', found));
        Assert.Equal(found.FirstOrDefault(), selector.Highest(Versions, Tags));
    }

    /// <summary>A pre-release is in a range only if one of the range's own bounds is a pre-release of the same major.minor.patch.</summary>
    [Theory]
    [InlineData("^1.2.3-beta.2", "1.9.9 1.2.3+b7 1.2.3-beta.4"), InlineData("~1.2.3-beta.2", "1.2.3+b7 1.2.3-beta.4")]
    [InlineData(">=1.2.4-alpha <1.3", "1.2.4-rc.1"), InlineData("^1.2.3-beta.5", "1.9.9 1.2.3+b7"), InlineData(">=2.0.0-alpha <2.0.0", "2.0.0-rc.1")]
    [InlineData("<2.0.0", "1.9.9 1.2.3+b7 1.2.0 1.0.0 0.3.0 0.2.9 0.2.3 0.0.3")]
    public void Select_OfARange_TakesPreReleasesOnlyWhereItNamesThem(string text, string expected) =>
        Assert.Equal(expected, string.Join(' ', Parse(text).Select(Versions, Tags)));

    [Theory]
    [InlineData("1.2.3", VersionSelectorKind.Exact), InlineData("1.2.3-rc.1+b", VersionSelectorKind.Exact), InlineData("=1.2.3", VersionSelectorKind.Range)]
    [InlineData("^1.2", VersionSelectorKind.Range), InlineData("*", VersionSelectorKind.Range), InlineData("@production", VersionSelectorKind.Tag)]
    public void Parse_TellsTheKind(string text, VersionSelectorKind kind)
    {
        Assert.Equal(kind, Parse(text).Kind);
        Assert.Equal(text, Parse(text).Text);
    }

    [Theory]
    [InlineData(null, "||"), InlineData("", "||"), InlineData("  ", "||"), InlineData("latest", "^1.2"), InlineData("1.2.3.4", "^1.2"), InlineData("^", "^1.2")]
    [InlineData(">=1.0,<2.0", "^1.2"), InlineData("01.2.3", "^1.2"), InlineData("1.*.3", "^1.2"), InlineData("1.0 -2.0", "^1.2"), InlineData("1.2.3 b7", "^1.2")]
    [InlineData("^1.2 ||", "beside ||"), InlineData("|| 1.x", "beside ||"), InlineData("||", "beside ||"), InlineData(">=2 <1", "exclude each other")]
    [InlineData("@", "names no tag"), InlineData("@Prod", "names no tag"), InlineData("@a b", "names no tag")]
    public void Parse_OfAnythingElse_NamesTheSyntax(string? text, string says)
    {
        var refusal = VersionSelector.Parse(text, "to").Refusal;

        Assert.Equal((RefusalReason.Invalid, "to"), (refusal?.Reason, refusal?.Field));
        Assert.Contains(says, refusal!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_BeyondTheLengthLimit_IsRefusedBeforeItIsRead()
    {
        var most = string.Join("||", Enumerable.Repeat("1", 86))[..VersionSelector.MaxLength].TrimEnd('|');

        Assert.Null(VersionSelector.Parse(most).Refusal);
        Assert.Contains("At most 256", VersionSelector.Parse(most.PadRight(VersionSelector.MaxLength + 1)).Refusal!.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_OfAnyText_NeverThrows() =>
        Gen.String[Gen.Char["0123456789.^~<>=|-x* @+rcab"], 0, 30].Sample(text => VersionSelector.Parse(text) is not null, iter: 20_000);

    [Fact]
    public void Matches_AgreesWithSelect() => Gen.Select(
            Samples.GenVersion.HashSet[0, 8], Gen.OneOf("1.x", "^1.1", "1.0.0", "1.0.0-rc.2 || 2.x", "@a", "@b", "~0.1", "*"))
        .Sample((drawn, text) =>
        {
            var versions = drawn.DistinctBy(VersionNumber.Canonical).ToImmutableArray();
            var tags = versions.Take(1).ToDictionary(_ => "a");
            var selector = Parse(text);
            var matching = versions.Where(version =>
                selector.Matches(VersionNumber.Parse(version), [.. tags.Where(tag => tag.Value == version).Select(tag => tag.Key)]));

            Assert.Equal(matching.OrderDescending(Comparer<string>.Create(VersionNumber.Compare)), selector.Select(versions, tags));
        });

    private static VersionSelector Parse(string text) => VersionSelector.Parse(text).Value ?? throw new ArgumentException(text);
}
