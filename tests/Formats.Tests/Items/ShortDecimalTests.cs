using System.Globalization;
using System.Text;
using CsCheck;
using Platform.Formats.Items;

namespace Platform.Formats.Tests.Items;

public sealed class ShortDecimalTests
{
    [Fact]
    public void Numbers_OfUpTo15Digits_AreThoseOfTheRuntime() =>
        Gen.Select(Gen.Long[0, 999_999_999_999_999], Gen.Int[1, 15], Gen.Int[0, 15], Gen.Bool).Sample(
            (all, digits, decimals, isNegative) =>
            {
                var text = (all % (long)Math.Pow(10, digits)).ToString("D" + Math.Max(1, digits), CultureInfo.InvariantCulture);
                if (decimals <= text.Length && decimals > 0) text = text.Insert(text.Length - decimals, ".");
                Same(isNegative ? "-" + text : text);
            },
            iter: 200_000);

    /// <summary>Between two FP32 numbers, and a little to either side, which FP64 still tells apart and which it does not.</summary>
    [Theory]
    [InlineData("16777217")]
    [InlineData("16777219")]
    [InlineData("16777217.0000001")]
    [InlineData("16777216.9999999")]
    [InlineData("0.50000002980232")]
    [InlineData("8388608.5")]
    [InlineData("-0")]
    [InlineData(".5")]
    [InlineData("5.")]
    [InlineData("0.00000000000001")]
    public void Numbers_ThatAreHard_AreThoseOfTheRuntime(string text) => Same(text);

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("1.2.3")]
    [InlineData("1e5")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1234567890123456")]
    public void Text_OfAnotherKind_IsLeftToTheRuntime(string text) => Assert.False(ShortDecimal.TryParse(Encoding.ASCII.GetBytes(text), out double _));

    private static void Same(string text)
    {
        var utf8 = Encoding.ASCII.GetBytes(text);
        if (ShortDecimal.TryParse(utf8, out double number))
            Assert.Equal(BitConverter.DoubleToInt64Bits(double.Parse(text, CultureInfo.InvariantCulture)), BitConverter.DoubleToInt64Bits(number));
        else Assert.Fail($"{text} is short");
        if (ShortDecimal.TryParse(utf8, out float single))
            Assert.Equal(BitConverter.SingleToInt32Bits(float.Parse(text, CultureInfo.InvariantCulture)), BitConverter.SingleToInt32Bits(single));
    }
}
