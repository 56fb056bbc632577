using Platform.Core.Measuring;

namespace Platform.Core.Tests.Measuring;

public sealed class MetricQueryTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(null, null, 60, 5)]
    [InlineData("1s", null, 1, 1)]
    [InlineData("1m", "10s", 6, 10)]
    [InlineData("15m", null, 90, 10)]
    [InlineData("1h", null, 60, 60)]
    [InlineData("24h", null, 48, 1_800)]
    [InlineData("24h", "1m", 1_440, 60)]
    [InlineData("30d", null, 120, 21_600)]
    public void Parse_Window_HasSoManySteps(string? window, string? step, int steps, int seconds)
    {
        var (parsed, refusal) = MetricQuery.Parse(window, step, null, null, Now);

        Assert.Null(refusal);
        Assert.Equal((steps, seconds), (parsed!.Steps, (int)parsed.Step.TotalSeconds));
        Assert.Equal(Now, parsed.To);
    }

    [Theory]
    [InlineData("5 minutes", null, "window")]
    [InlineData("0s", null, "window")]
    [InlineData("500ms", null, "window")]
    [InlineData("31d", null, "window")]
    [InlineData("5m", "fast", "step")]
    [InlineData("5m", "0s", "step")]
    [InlineData("5m", "1500ms", "step")]
    [InlineData("24h", "10s", "step")]
    [InlineData("30d", "1m", "step")]
    public void Parse_BadWindowOrStep_NamesIt(string? window, string? step, string field) =>
        Assert.Equal(field, MetricQuery.Parse(window, step, null, null, Now).Refusal?.Field);

    [Fact]
    public void Parse_FromAndTo_IsThatSpan()
    {
        var parsed = MetricQuery.Parse(null, "1m", Now.AddHours(-2), Now.AddHours(-1), Now).Value!;

        Assert.Equal((Now.AddHours(-2), Now.AddHours(-1), 60), (parsed.From, parsed.To, parsed.Steps));
    }

    [Fact]
    public void Parse_TimesThatCannotBe_NamesThem()
    {
        Assert.Equal("window", MetricQuery.Parse("5m", null, Now.AddHours(-1), null, Now).Refusal?.Field);
        Assert.Equal("from", MetricQuery.Parse(null, null, Now, Now, Now).Refusal?.Field);
        Assert.Equal("from", MetricQuery.Parse(null, null, Now.AddDays(-31), Now.AddDays(-30), Now).Refusal?.Field);
        Assert.Equal("to", MetricQuery.Parse(null, null, Now, Now.AddHours(1), Now).Refusal?.Field);
    }
}
