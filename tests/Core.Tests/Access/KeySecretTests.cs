using System.Text.RegularExpressions;
using CsCheck;
using Platform.Core.Access;

namespace Platform.Core.Tests.Access;

public sealed class KeySecretTests
{
    private static readonly Gen<string> Secrets = Gen.Byte.Array[KeySecret.RandomBytes].Select(bytes => KeySecret.Create(bytes));

    [Fact]
    public void Secret_OfAnyRandomBytes_IsWellFormedAndFoundByScanners() => Secrets.Sample(secret =>
        KeySecret.IsWellFormed(secret) && secret.Length == KeySecret.Length && Regex.IsMatch(secret, "^plt_[0-9A-Za-z]{49}$"));

    [Fact]
    public void Secret_WithOneCharacterChanged_IsNotWellFormed() =>
        Gen.Select(Secrets, Gen.Int[KeySecret.Head.Length, KeySecret.Length - 1], Gen.Char['a', 'z']).Sample((secret, at, character) =>
            secret[at] == character || !KeySecret.IsWellFormed(secret[..at] + character + secret[(at + 1)..]));

    [Fact]
    public void Secrets_OfDifferentBytes_Differ() =>
        Gen.Select(Gen.Byte.Array[KeySecret.RandomBytes], Gen.Byte.Array[KeySecret.RandomBytes]).Sample((a, b) =>
            a.SequenceEqual(b) == (KeySecret.Create(a) == KeySecret.Create(b)));

    [Theory]
    [InlineData("")]
    [InlineData("plt_")]
    [InlineData("an-admin-key-of-the-end-to-end-tests-0123456789")]
    [InlineData("plt_00000000000000000000000000000000000000000000000000")]
    public void Text_ThatNoKeyCanBe_IsNotWellFormed(string text) => Assert.False(KeySecret.IsWellFormed(text));

    [Fact]
    public void Secret_OfTooFewBytes_IsNotMade() => Assert.Throws<ArgumentException>(() => KeySecret.Create(new byte[31]));

    [Fact]
    public void Digest_IsSha256OfTheText() =>
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", KeySecret.Digest("abc"));
}
