using Platform.Core.Measuring;

namespace Platform.Core.Tests.Measuring;

public sealed class MetricWindowTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 34, 56, 789, TimeSpan.Zero);

    [Theory]
    [InlineData("00:00:01", "00:00:01", MetricResolution.Second, 2)]
    [InlineData("00:05:00", "00:00:10", MetricResolution.Second, 31)]
    [InlineData("00:15:00", "00:00:01", MetricResolution.Second, 901)]
    [InlineData("00:05:00", "00:01:00", MetricResolution.Second, 6)]
    [InlineData("01:00:00", "01:00:00", MetricResolution.Minute, 2)]
    [InlineData("1.00:00:00", "00:05:00", MetricResolution.Minute, 289)]
    [InlineData("1.00:00:00", "01:00:00", MetricResolution.Minute, 25)]
    [InlineData("30.00:00:00", "12:00:00", MetricResolution.Hour, 61)]
    public void Choose_AnyWindow_CoversItWithTheResolutionThatFits(string window, string step, MetricResolution resolution, int steps)
    {
        var from = Now - TimeSpan.Parse(window, System.Globalization.CultureInfo.InvariantCulture);
        var (chosen, refusal) = MetricWindow.Choose(from, Now, TimeSpan.Parse(step, System.Globalization.CultureInfo.InvariantCulture), Now);

        Assert.Null(refusal);
        Assert.Equal((resolution, steps), (chosen!.Resolution, chosen.Steps));
        Assert.True(chosen.From <= from && chosen.To >= Now);
        Assert.Equal(0, chosen.From.ToUnixTimeSeconds() % (int)resolution);
    }

    [Theory]
    [InlineData(0, 10, 1, "from")]
    [InlineData(-31 * 86_400, 0, 86_400, "window")]
    [InlineData(-60, 0, 0.5, "step")]
    [InlineData(-60, 0, 1.5, "step")]
    [InlineData(-60, 0, -1, "step")]
    [InlineData(-86_400, 0, 20, "step")]
    [InlineData(-3_600, 0, 10, "step")]
    [InlineData(-3_600, 0, 90, "step")]
    public void Choose_WhatCannotBeAnswered_NamesTheField(double from, double to, double step, string field)
    {
        var (chosen, refusal) = MetricWindow.Choose(
            Now.AddSeconds(from == 0 ? to : from), Now.AddSeconds(from == 0 ? 0 : to), TimeSpan.FromSeconds(step), Now);

        Assert.Null(chosen);
        Assert.Equal(field, refusal!.Field);
    }

    [Fact]
    public void StepOf_TimesInAndAroundTheWindow_FindsTheirStep()
    {
        var window = new MetricWindow(Now.AddTicks(-(Now.Ticks % TimeSpan.TicksPerSecond)), TimeSpan.FromSeconds(10), 3, MetricResolution.Second);
        var first = window.From.ToUnixTimeSeconds();

        Assert.Equal([-1, 0, 0, 1, 2, 3], new[] { -1, 0, 9, 10, 29, 30 }.Select(second => window.StepOf(first + second)));
    }
}
