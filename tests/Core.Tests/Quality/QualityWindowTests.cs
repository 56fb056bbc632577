using CsCheck;
using Platform.Core.Quality;

namespace Platform.Core.Tests.Quality;

public sealed class QualityWindowTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 17, 13, 37, 42, TimeSpan.Zero);

    [Fact]
    public void Cover_OfAnyWindow_IsWithoutGapOrOverlapAndForgetsNothing() => Gen.Int[60, 30 * 24 * 3600].Sample(seconds =>
    {
        var from = Now.AddSeconds(-seconds);

        var slots = QualityWindow.Cover(from, Now, Now);

        Assert.All(slots.Zip(slots.Skip(1)), pair => Assert.Equal(pair.First.End, pair.Second.Start));
        Assert.All(slots, slot => Assert.True(slot.ExpiresAt > Now));
        Assert.True(slots[0].Start <= from && slots[^1].End >= Now);
        Assert.InRange(slots.Length, 1, (30 * 24) + 120);
    });

    [Fact]
    public void Cover_BeginsAtTheMinute_OrTheHourWhereMinutesAreForgotten()
    {
        Assert.Equal(new(2026, 5, 17, 12, 37, 0, TimeSpan.Zero), QualityWindow.Cover(Now.AddHours(-1), Now, Now)[0].Start);
        Assert.Equal(new(2026, 5, 10, 13, 0, 0, TimeSpan.Zero), QualityWindow.Cover(Now.AddDays(-7).AddMinutes(-30), Now, Now)[0].Start);
    }

    [Fact]
    public void Slots_OfTenSeconds_TouchTheWholeWindow() =>
        Assert.Equal([30, 40, 50], QualityWindow.Slots(SlotSize.TenSeconds, Now.AddSeconds(-10), Now.AddSeconds(9)).Select(slot => slot.Start.Second));
}
