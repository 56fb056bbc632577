using System.Numerics;
using System.Text;
using Platform.Worker.Inference.Codec;

namespace Platform.Worker.Tests.Codec;

public sealed class IntegerElementTests
{
    [Theory]
    [InlineData("0", true)]
    [InlineData("-0", true)]
    [InlineData("127", true)]
    [InlineData("128", false)]
    [InlineData("-128", true)]
    [InlineData("-129", false)]
    [InlineData("1.0", false)]
    [InlineData("1e2", false)]
    [InlineData("00", false)]
    [InlineData("-", false)]
    [InlineData("", false)]
    [InlineData("true", false)]
    public void TryRead_Int8_TakesWholeNumbersInRange(string text, bool isTaken) => Assert.Equal(isTaken, Reads<sbyte>(text));

    [Theory]
    [InlineData("255", true)]
    [InlineData("256", false)]
    [InlineData("-1", false)]
    public void TryRead_Uint8_TakesWholeNumbersInRange(string text, bool isTaken) => Assert.Equal(isTaken, Reads<byte>(text));

    [Theory]
    [InlineData("9223372036854775807", true)]
    [InlineData("9223372036854775808", false)]
    [InlineData("-9223372036854775808", true)]
    [InlineData("-9223372036854775809", false)]
    [InlineData("99999999999999999999", false)]
    [InlineData("184467440737095516160000", false)]
    public void TryRead_Int64_TakesWholeNumbersInRange(string text, bool isTaken) => Assert.Equal(isTaken, Reads<long>(text));

    [Theory]
    [InlineData("18446744073709551615", true)]
    [InlineData("18446744073709551616", false)]
    [InlineData("-1", false)]
    public void TryRead_Uint64_TakesWholeNumbersInRange(string text, bool isTaken) => Assert.Equal(isTaken, Reads<ulong>(text));

    [Fact]
    public void TryRead_AnyInt_EqualsTheLibrarysParser()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var i = 0; i < 200_000; i++)
        {
            var text = (random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(0, 64)).ToString(System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(Reads<int>(text) == int.TryParse(text, out _), $"{text}, seed {seed}");
            Assert.True(Reads<ushort>(text) == ushort.TryParse(text, out _), $"{text}, seed {seed}");
        }
    }

    private static bool Reads<T>(string text)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        var at = 0;
        if (!IntegerElement<T>.TryRead(Encoding.UTF8.GetBytes(text), ref at, out var value)) return false;
        Assert.Equal(T.Parse(text, System.Globalization.CultureInfo.InvariantCulture), value);
        return at == text.Length;
    }
}
