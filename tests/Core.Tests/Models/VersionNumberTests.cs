using CsCheck;
using Platform.Core.Models;

namespace Platform.Core.Tests.Models;

public sealed class VersionNumberTests
{
    /// <summary>The examples of semver.org's own regular expression, all of them.</summary>
    public static readonly TheoryData<string> Valid =
    [
        "0.0.4", "1.2.3", "10.20.30", "1.1.2-prerelease+meta", "1.1.2+meta", "1.1.2+meta-valid", "1.0.0-alpha", "1.0.0-beta",
        "1.0.0-alpha.beta", "1.0.0-alpha.beta.1", "1.0.0-alpha.1", "1.0.0-alpha0.valid", "1.0.0-alpha.0valid",
        "1.0.0-alpha-a.b-c-somethinglong+build.1-aef.1-its-okay", "1.0.0-rc.1+build.1", "2.0.0-rc.1+build.123", "1.2.3-beta",
        "10.2.3-DEV-SNAPSHOT", "1.2.3-SNAPSHOT-123", "1.0.0", "2.0.0", "1.1.7", "2.0.0+build.1848", "2.0.1-alpha.1227",
        "1.0.0-alpha+beta", "1.2.3----RC-SNAPSHOT.12.9.1--.12+788", "1.2.3----R-S.12.9.1--.12+meta",
        "1.2.3----RC-SNAPSHOT.12.9.1--.12", "1.0.0+0.build.1-rc.10000aaa-kk-0.1",
        "99999999999999999999999.999999999999999999.99999999999999999", "1.0.0-0A.is.legal",
    ];

    public static readonly TheoryData<string> Invalid =
    [
        "1", "1.2", "1.2.3-0123", "1.2.3-0123.0123", "1.1.2+.123", "+invalid", "-invalid", "-invalid+invalid", "-invalid.01", "alpha",
        "alpha.beta", "alpha.beta.1", "alpha.1", "alpha+beta", "alpha_beta", "alpha.", "alpha..", "beta", "1.0.0-alpha_beta", "-alpha.",
        "1.0.0-alpha..", "1.0.0-alpha..1", "1.0.0-alpha...1", "1.0.0-alpha....1", "1.0.0-alpha.....1", "1.0.0-alpha......1",
        "1.0.0-alpha.......1", "01.1.1", "1.01.1", "1.1.01", "1.2.3.DEV", "1.2-SNAPSHOT",
        "1.2.31.2.3----RC-SNAPSHOT.12.09.1--..12+788", "1.2-RC-SNAPSHOT", "-1.0.3-gamma+b7718", "+justmeta", "9.8.7+meta+meta",
        "9.8.7-whatever+meta+meta",
        "99999999999999999999999.999999999999999999.99999999999999999----RC-SNAPSHOT.12.09.1--------------------------------..12",
    ];

    [Theory, MemberData(nameof(Valid))]
    public void TryParse_OfAValidExample_KeepsItAsGiven(string text)
    {
        Assert.True(VersionNumber.TryParse(text, out var version));
        Assert.Equal(text, version.ToString());
    }

    [Theory, MemberData(nameof(Invalid))]
    [InlineData(null), InlineData(""), InlineData(" 1.0.0"), InlineData("1.0.0 "), InlineData("1.0.0\n"), InlineData("v1.0.0")]
    public void TryParse_OfAnInvalidExample_IsFalse(string? text) => Assert.False(VersionNumber.TryParse(text, out _));

    [Fact]
    public void TryParse_AtTheLengthLimit_IsTrueAndBeyondItFalse()
    {
        var longest = "1.0.0-".PadRight(VersionNumber.MaxLength, 'a');

        Assert.True(VersionNumber.TryParse(longest, out _));
        Assert.False(VersionNumber.TryParse(longest + "a", out _));
    }

    /// <summary>Section 11 of the specification, its two chains in one, and the rules between identifiers.</summary>
    [Fact]
    public void Compare_OnThePrecedenceChain_IsTheIndexOrder()
    {
        string[] chain =
        [
            "0.9.9", "1.0.0-0", "1.0.0-1", "1.0.0-9", "1.0.0-10", "1.0.0-Alpha", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta",
            "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "2.0.0", "2.1.0", "2.1.1", "2.1.10", "10.0.0",
            "99999999999999999999999.0.0",
        ];

        for (var i = 0; i < chain.Length; i++)
        {
            for (var j = 0; j < chain.Length; j++)
                Assert.Equal(i.CompareTo(j), Math.Sign(VersionNumber.Compare(chain[i], chain[j])));
        }
    }

    [Theory]
    [InlineData("1.0.0", "1.0.0+build.1")]
    [InlineData("1.0.0-rc.1+a", "1.0.0-rc.1+b")]
    public void Compare_OfVersionsThatDifferInBuildMetadata_IsZero(string left, string right)
    {
        Assert.Equal(0, VersionNumber.Compare(left, right));
        Assert.Equal(VersionNumber.Canonical(left), VersionNumber.Canonical(right));
    }

    [Theory]
    [InlineData("1.0.0+build.1-aef", "1.0.0")]
    [InlineData("1.0.0-rc.1+b", "1.0.0-rc.1")]
    [InlineData("1.0.0-rc.1", "1.0.0-rc.1")]
    public void Canonical_DropsBuildMetadataOnly(string text, string canonical) => Assert.Equal(canonical, VersionNumber.Canonical(text));

    [Fact]
    public void Canonical_OfNoVersion_Throws() => Assert.Throws<FormatException>(() => VersionNumber.Canonical("1.0"));

    [Fact]
    public void Compare_IsATotalOrderThatCanonicalAgreesWith() =>
        Gen.Select(Samples.GenVersion, Samples.GenVersion, Samples.GenVersion).Sample((a, b, c) =>
        {
            var (ab, ba) = (VersionNumber.Compare(a, b), VersionNumber.Compare(b, a));
            Assert.Equal(Math.Sign(ab), -Math.Sign(ba));
            Assert.Equal(ab == 0, VersionNumber.Canonical(a) == VersionNumber.Canonical(b));
            if (ab <= 0 && VersionNumber.Compare(b, c) <= 0) Assert.True(VersionNumber.Compare(a, c) <= 0);
        });
}
