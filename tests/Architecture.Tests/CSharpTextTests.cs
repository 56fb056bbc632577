using Platform.Architecture.Tests.Reading;

namespace Platform.Architecture.Tests;

public sealed class CSharpTextTests
{
    [Theory]
    [InlineData("a // b", "a     ")]
    [InlineData("a /* b\n c */ d", "a     \n      d")]
    [InlineData("x = \"a\\\"b\"; y", "x =       ; y")]
    [InlineData("x = \"http://a\"; y", "x =           ; y")]
    [InlineData("x = '\"'; y", "x =    ; y")]
    [InlineData("x = @\"a\"\"b\"; y", "x = @      ; y")]
    [InlineData("x = $\"a{b.C}d\"; y", "x = $   b.C   ; y")]
    [InlineData("x = $\"{(a ? \"b\" : c)}d\"; y", "x = $  (a ?     : c)   ; y")]
    [InlineData("x = $\"{{a}}\"; y", "x = $       ; y")]
    [InlineData("x = \"\"\"a\"b\"\"\"; y", "x =          ; y")]
    [InlineData("@class.X", "@class.X")]
    [InlineData("#region don't\ny", "#region don  \ny")]
    public void WithoutCommentsAndLiterals_KeepsCodeInPlace(string text, string expected) =>
        Assert.Equal(expected, CSharpText.WithoutCommentsAndLiterals(text));
}
