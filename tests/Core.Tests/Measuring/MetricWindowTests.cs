using Platform.Core.Measuring;

namespace Platform.Core.Tests.Measuring;

public sealed class MetricWindowTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 34, 56, 789, TimeSpan.Zero);

    [Theory]
    [InlineData("00:00:01", "00:00:01", MetricResolution.Second, 1)]
    [InlineData("00:05:00", "00:00:10", MetricResolution.Second, 30)]
    [InlineData("00:15:00", "00:00:01", MetricResolution.Second, 900)]
    [InlineData("00:05:00", "00:01:00", MetricResolution.Second, 5)]
    [InlineData("01:00:00", "01:00:00", MetricResolution.Minute, 1)]
    [InlineData("1.00:00:00", "00:05:00", MetricResolution.Minute, 288)]
    [InlineData("1.00:00:00", "01:00:00", MetricResolution.Minute, 24)]
    [InlineData("30.00:00:00", "12:00:00", MetricResolution.Hour, 60)]
    public void Choose_AnyWindow_CoversItWithTheResolutionThatFits(string window, string step, MetricResolution resolution, int steps)
    {
        var from = Now - TimeSpan.Parse(window, System.Globalization.CultureInfo.InvariantCulture);
        var (chosen, refusal) = MetricWindow.Choose(from, Now, TimeSpan.Parse(step, System.Globalization.CultureInfo.InvariantCulture), Now);

        Assert.Null(refusal);
        Assert.Equal((resolution, steps), (chosen!.Resolution, chosen.Steps));
        var slot = TimeSpan.FromSeconds((int)resolution);
        Assert.True(chosen.From < from + slot && chosen.To >= Now && chosen.To < Now + slot);
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

    [Theory]
    [InlineData(1, MetricResolution.Second, 1)]
    [InlineData(1.5, MetricResolution.Second, 2)]
    [InlineData(600, MetricResolution.Second, 600)]
    [InlineData(3_600, MetricResolution.Minute, 3_600)]
    [InlineData(3_601, MetricResolution.Minute, 3_660)]
    [InlineData(2_592_000, MetricResolution.Hour, 2_592_000)]
    public void Over_ASpan_IsOneStepOfIt(double seconds, MetricResolution resolution, int length)
    {
        var window = MetricWindow.Over(TimeSpan.FromSeconds(seconds), Now);

        Assert.Equal((resolution, 1, length), (window.Resolution, window.Steps, (int)window.Step.TotalSeconds));
        Assert.True(window.To >= Now);
    }

    [Fact]
    public void StepOf_TimesInAndAroundTheWindow_FindsTheirStep()
    {
        var window = new MetricWindow(Now.AddTicks(-(Now.Ticks % TimeSpan.TicksPerSecond)), TimeSpan.FromSeconds(10), 3, MetricResolution.Second);
        var first = window.From.ToUnixTimeSeconds();

        Assert.Equal([-1, 0, 0, 1, 2, 3], new[] { -1, 0, 9, 10, 29, 30 }.Select(second => window.StepOf(first + second)));
    }
}
