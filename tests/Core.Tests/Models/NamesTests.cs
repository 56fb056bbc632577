using Platform.Core.Models;

namespace Platform.Core.Tests.Models;

public sealed class NamesTests
{
    [Theory]
    [InlineData("a"), InlineData("0"), InlineData("digits"), InlineData("my-model_v1.2"), InlineData("a..b")]
    public void IsValid_OfAName_IsTrue(string name) => Assert.True(Names.IsValid(name));

    [Theory]
    [InlineData(null), InlineData(""), InlineData("A"), InlineData("-a"), InlineData("a-"), InlineData(".a"), InlineData("a."), InlineData("_")]
    [InlineData("a b"), InlineData("a/b"), InlineData("a\n"), InlineData("ä"), InlineData("a:b"), InlineData("..")]
    public void IsValid_OfAnythingElse_IsFalse(string? name) => Assert.False(Names.IsValid(name));

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void IsValid_AtTheLengthLimit_StopsThere(int length, bool valid) => Assert.Equal(valid, Names.IsValid(new string('a', length)));
}
