using System.Globalization;
using System.Numerics;
using System.Text;
using Platform.Worker.Inference.Codec;

namespace Platform.Worker.Tests.Codec;

public sealed class FloatElementTests
{
    private const int Cases = 400_000;

    [Theory]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("-0.0e5")]
    [InlineData("0.1")]
    [InlineData("1e10")]
    [InlineData("1E+10")]
    [InlineData("1.5e-3")]
    [InlineData("16777217")]
    [InlineData("16777219.0000000000001")]
    [InlineData("9007199254740993")]
    [InlineData("9223372036854775807")]
    [InlineData("9223372036854775808")]
    [InlineData("18446744073709551615")]
    [InlineData("18446744073709551616")]
    [InlineData("0.00000000000000000000000000000012345678")]
    [InlineData("123456789012345678901234567890")]
    [InlineData("3.4028234663852886e38")]
    [InlineData("3.4028235677973366e38")]
    [InlineData("3.4028235677973365e38")]
    [InlineData("1e39")]
    [InlineData("-1e400")]
    [InlineData("1e-46")]
    [InlineData("1.401298464324817e-45")]
    [InlineData("7.006492321624085e-46")]
    [InlineData("7.0064923216240854e-46")]
    [InlineData("1.1754943508222875e-38")]
    [InlineData("4.9e-324")]
    [InlineData("1.7976931348623157e308")]
    [InlineData("2.2250738585072011e-308")]
    [InlineData("1e99999999999999999999")]
    [InlineData("1e-99999999999999999999")]
    [InlineData("0e99999999999999999999")]
    public void TryRead_Number_EqualsTheLibrarysParser(string text)
    {
        AssertSame<float, FloatElement>(text, float.Parse(text, CultureInfo.InvariantCulture));
        AssertSame<double, DoubleElement>(text, double.Parse(text, CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("+1")]
    [InlineData(".5")]
    [InlineData("1.")]
    [InlineData("01")]
    [InlineData("-01")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("--NaN")]
    [InlineData("nan")]
    [InlineData("null")]
    [InlineData("\"1\"")]
    public void TryRead_NoNumber_IsRefused(string text)
    {
        var at = 0;
        Assert.False(FloatElement.TryRead(Encoding.UTF8.GetBytes(text), ref at, out _));
        at = 0;
        Assert.False(DoubleElement.TryRead(Encoding.UTF8.GetBytes(text), ref at, out _));
    }

    [Theory]
    [InlineData("NaN", float.NaN)]
    [InlineData("-NaN", float.NaN)]
    [InlineData("Infinity", float.PositiveInfinity)]
    [InlineData("Inf", float.PositiveInfinity)]
    [InlineData("-Infinity", float.NegativeInfinity)]
    public void TryRead_Word_IsTaken(string text, float expected)
    {
        var at = 0;
        Assert.True(FloatElement.TryRead(Encoding.UTF8.GetBytes(text), ref at, out var value));
        Assert.Equal(expected, value);
        Assert.Equal(text.Length, at);
    }

    /// <summary>Each way of writing a number that clients have, some hundred thousand times each.</summary>
    [Theory]
    [InlineData("float bits")]
    [InlineData("double bits")]
    [InlineData("decimals")]
    [InlineData("digits and exponent")]
    [InlineData("halfway between floats")]
    [InlineData("near halfway")]
    [InlineData("unit interval")]
    public void TryRead_AnyNumber_EqualsTheLibrarysParserToTheBit(string kind)
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var i = 0; i < Cases; i++)
        {
            var text = Make(kind, random);
            if (text.Contains('N') || text.Contains('I')) continue;
            AssertSame<float, FloatElement>(text, float.Parse(text, CultureInfo.InvariantCulture), seed);
            AssertSame<double, DoubleElement>(text, double.Parse(text, CultureInfo.InvariantCulture), seed);
        }
    }

    private static string Make(string kind, Random random)
    {
        Span<byte> bits = stackalloc byte[8];
        random.NextBytes(bits);
        var single = BitConverter.ToSingle(bits);
        // Floats near one: those far from it have halfway points of many digits, which all take the library's way.
        var near = BitConverter.UInt32BitsToSingle(((uint)random.Next(110, 145) << 23) | ((uint)random.Next() & 0x7FFFFF));
        var halfway = near + ((double)MathF.BitIncrement(near) - near) / 2;
        return kind switch
        {
            "float bits" => Text(single),
            "double bits" => Text(BitConverter.ToDouble(bits)),
            "decimals" => Sign(random) + (random.NextDouble() * Math.Pow(10, random.Next(0, 6))).ToString("F" + random.Next(0, 18), CultureInfo.InvariantCulture),
            "digits and exponent" => $"{Sign(random)}{random.NextInt64() >> random.Next(0, 63)}e{random.Next(-60, 60)}",
            "halfway between floats" => halfway.ToString("F60", CultureInfo.InvariantCulture).TrimEnd('0') + "0",
            "near halfway" => halfway.ToString("G" + random.Next(8, 20), CultureInfo.InvariantCulture),
            _ => Text(random.NextDouble()),
        };
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Sign(Random random) => random.Next(2) == 0 ? "-" : "";

    private static void AssertSame<T, TElement>(string text, T expected, int seed = 0)
        where T : unmanaged, IFloatingPointIeee754<T>
        where TElement : struct, IElement<T>
    {
        // What follows a number in an array must not be taken for a part of it.
        var after = (text.Length % 3) switch { 0 => "", 1 => ",12345678", _ => "] " };
        Span<byte> utf8 = stackalloc byte[512];
        var length = Encoding.UTF8.GetBytes(text + after, utf8);
        var at = 0;
        var isRead = TElement.TryRead(utf8[..length], ref at, out var value);
        // Zero and minus zero are equal, and yet not the same.
        var isSame = value == expected && T.IsNegative(value) == T.IsNegative(expected);
        Assert.True(isRead && isSame && at == text.Length, $"{text}{after} gave {value} instead of {expected} (seed {seed})");
    }
}
