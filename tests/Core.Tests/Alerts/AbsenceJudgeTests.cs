using Platform.Core.Alerts.Kinds;
using Platform.Core.Alerts.Machine;
using Platform.Core.Alerts.Rules;

namespace Platform.Core.Tests.Alerts;

public sealed class AbsenceJudgeTests
{
    private const int WindowsADay = 288;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset Monday = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    private static readonly AlertRule Usual = Rules.Valid with
    {
        Kind = AlertKind.Absence, Metric = "requests", OnlyAfterData = true, Season = Season.Week, Window = Window,
    };

    [Fact]
    public void Silence_OfWhatNeverHadAny_IsNoNews_UnlessTheRuleSaysSo()
    {
        Assert.Equal((SeriesVerdict.Clear, ConditionReason.NeverSeen), Judge(Usual, 0, RuleMemory.None, Monday));
        Assert.Equal((SeriesVerdict.Breaching, ConditionReason.Absent), Judge(Usual with { OnlyAfterData = false }, 0, RuleMemory.None, Monday));
    }

    [Theory]
    [InlineData(1, false), InlineData(3, true)]
    public void Silence_OfAServiceThatNeverRests_IsNewsAfterTwoNights(int days, bool isNews)
    {
        var (memory, now) = Watch(Usual, days * WindowsADay, _ => 100);
        Assert.Equal(isNews ? ConditionReason.Absent : ConditionReason.UsuallyQuiet, Judge(Usual, 0, memory, now).Reason);
        // Of one that has little to do it never is.
        var (little, later) = Watch(Usual, days * WindowsADay, _ => 2);
        Assert.Equal(ConditionReason.UsuallyQuiet, Judge(Usual, 0, little, later).Reason);
    }

    [Fact]
    public void Silence_GoesOnBeingNews_AndWhenItEndedIsTheLastOfItsKind()
    {
        var (memory, now) = Watch(Usual, 3 * WindowsADay, _ => 100);
        for (var i = 0; i < 100; i++, now += Window)
        {
            var judged = RuleJudge.Judge(Usual, new(0, 0), memory, now);
            Assert.Equal(SeriesVerdict.Breaching, judged.Verdict);
            memory = judged.Memory;
        }

        memory = RuleJudge.Judge(Usual, new(100, 100), memory, now).Memory;
        Assert.Equal(ConditionReason.UsuallyQuiet, Judge(Usual, 0, memory, now + Window).Reason);
    }

    [Fact]
    public void Silence_IsNewsInHoursThatWereBusyInTwoWeeks_AndNeverAtNightOrOnSundays()
    {
        var (memory, now) = Watch(Usual, 21 * WindowsADay, at => IsOpen(at) ? 100 : 0);
        for (var i = 0; i < 7 * WindowsADay; i++, now += Window)
        {
            var expected = IsOpen(now) ? SeriesVerdict.Breaching : SeriesVerdict.Clear;
            // The first window of an hour reaches back into the one before.
            if (now.Minute >= 5) Assert.Equal(expected, Judge(Usual, 0, memory, now).Verdict);
        }
    }

    [Fact]
    public void Silence_InAnHourOfWhichHalfIsBusy_IsNoNews()
    {
        var (memory, now) = Watch(Usual, 28 * WindowsADay, at => at.Hour == 2 && at.Minute < 30 ? 1000 : 0);
        Assert.Equal(ConditionReason.UsuallyQuiet, Judge(Usual, 0, memory, now.AddHours(2).AddMinutes(10)).Reason);
    }

    [Fact]
    public void Silence_OfAVersionThatIsSentNothing_IsNoNews_AndAnotherShareIsLearntAnew()
    {
        var (memory, now) = Watch(Usual, 3 * WindowsADay, _ => 100, share: 1);
        Assert.Equal(ConditionReason.Absent, RuleJudge.Judge(Usual, new(0, 0, 1), memory, now).Reason);
        Assert.Equal(ConditionReason.NotRouted, RuleJudge.Judge(Usual, new(0, 0, 0), memory, now).Reason);
        Assert.Equal(ConditionReason.NeverSeen, RuleJudge.Judge(Usual, new(0, 0, 0.01), memory, now).Reason);
        // While no plan is known, as at a start, nothing is forgotten.
        Assert.Equal(ConditionReason.Absent, RuleJudge.Judge(Usual, new(0, 0), memory, now).Reason);
    }

    private static bool IsOpen(DateTimeOffset at) => at.DayOfWeek is not DayOfWeek.Sunday && at.Hour is >= 8 and < 18;

    private static (RuleMemory Memory, DateTimeOffset Now) Watch(AlertRule rule, int windows, Func<DateTimeOffset, long> requests, double? share = null)
    {
        var (memory, now) = (RuleMemory.None, Monday);
        for (var i = 0; i < windows; i++, now += Window)
        {
            var came = requests(now);
            memory = RuleJudge.Judge(rule, new(came, came, share), memory, now).Memory;
        }

        return (memory, now);
    }

    private static (SeriesVerdict Verdict, ConditionReason Reason) Judge(AlertRule rule, long requests, RuleMemory memory, DateTimeOffset now)
    {
        var judged = RuleJudge.Judge(rule, new(requests, requests), memory, now);
        return (judged.Verdict, judged.Reason);
    }
}
