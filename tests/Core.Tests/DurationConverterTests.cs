using System.Text.Json;
using CsCheck;

namespace Platform.Core.Tests;

public sealed class DurationConverterTests
{
    [Theory]
    [InlineData("250ms", 0.25), InlineData("30s", 30), InlineData("5m", 300), InlineData("12h", 43_200), InlineData("30d", 2_592_000)]
    [InlineData("1.5s", 1.5), InlineData("0s", 0), InlineData("0ms", 0), InlineData("90s", 90), InlineData("0.0001ms", 1e-7)]
    public void TryParse_OfADuration_IsTrue(string text, double seconds)
    {
        Assert.True(DurationConverter.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond)), duration);
    }

    [Theory]
    [InlineData(""), InlineData("s"), InlineData("5"), InlineData("5 s"), InlineData("-5s"), InlineData("5S"), InlineData("5w"), InlineData("1e3s")]
    [InlineData("1h30m"), InlineData("NaNs"), InlineData("Infinityd"), InlineData("99999999999d"), InlineData("99999999999999999999999999999s")]
    [InlineData("1,5s"), InlineData("5s ")]
    public void TryParse_OfAnythingElse_IsFalse(string text) => Assert.False(DurationConverter.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0s"), InlineData(60, "1m"), InlineData(90, "90s"), InlineData(86_400, "1d"), InlineData(0.25, "250ms"), InlineData(0.00025, "0.25ms")]
    public void Format_TakesTheLargestWholeUnit(double seconds, string text) =>
        Assert.Equal(text, DurationConverter.Format(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Parse_OfWhatFormatWrote_IsTheSame() => Gen.OneOf(
            Gen.Long[0, TimeSpan.MaxValue.Ticks], Gen.Long[0, 1_000_000_000], Gen.Long[0, 10_000].Select(s => s * TimeSpan.TicksPerSecond))
        .Select(TimeSpan.FromTicks)
        .Sample(duration => DurationConverter.TryParse(DurationConverter.Format(duration), out var parsed) && parsed == duration, iter: 10_000);

    [Theory]
    [InlineData("30"), InlineData("\"30\""), InlineData("\"soon\"")]
    public void Json_OfNoDuration_SaysHowToWriteOne(string json)
    {
        var error = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<TimeSpan>(json, PlatformJson.Options));
        Assert.Contains("\"250ms\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_OfADuration_IsItsText()
    {
        Assert.Equal("\"5m\"", JsonSerializer.Serialize(TimeSpan.FromMinutes(5), PlatformJson.Options));
        Assert.Equal(TimeSpan.FromMinutes(5), JsonSerializer.Deserialize<TimeSpan>("\"5m\"", PlatformJson.Options));
    }
}
