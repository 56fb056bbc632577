using System.Collections.Immutable;
using Platform.Core.Alerts.Machine;
using Platform.Core.Alerts.Routing;

namespace Platform.Core.Tests.Alerts;

public sealed class MutingTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(20_000);

    [Theory]
    [InlineData(MatchOperator.Equal, "digits", true)]
    [InlineData(MatchOperator.Equal, "digit", false)]
    [InlineData(MatchOperator.NotEqual, "other", true)]
    [InlineData(MatchOperator.NotEqual, "digits", false)]
    [InlineData(MatchOperator.Matches, "dig.*", true)]
    [InlineData(MatchOperator.Matches, "dig", false)]
    [InlineData(MatchOperator.Matches, "x|digits", true)]
    [InlineData(MatchOperator.NotMatches, "dig", true)]
    [InlineData(MatchOperator.NotMatches, "dig.+", false)]
    public void Matcher_AgainstALabel_Holds(MatchOperator op, string value, bool expected) =>
        Assert.Equal(expected, new Matcher("model", op, value).Holds(AlertLabels.None.Add("model", "digits")));

    [Fact]
    public void Matcher_MissingLabel_IsEmpty()
    {
        Assert.True(new Matcher("model", MatchOperator.Equal, "").Holds(AlertLabels.None));
        Assert.True(new Matcher("model", MatchOperator.Matches, "a*").Holds(AlertLabels.None));
        Assert.False(new Matcher("model", MatchOperator.Equal, "digits").Holds(AlertLabels.None));
    }

    [Theory]
    [InlineData("(")]
    [InlineData("(a)\\1")]
    [InlineData("(?=a)")]
    public void Matcher_PatternThatCannotBeMatchedInLinearTime_IsRefused(string pattern)
    {
        Assert.Equal("m.value", new Matcher("a", MatchOperator.Matches, pattern).Refuse("m")!.Field);
        Assert.Null(new Matcher("a", MatchOperator.Matches, "(a+)+b").Refuse("m"));
    }

    [Theory]
    [InlineData(-60, 60, SilenceState.Active)]
    [InlineData(1, 60, SilenceState.Pending)]
    [InlineData(-60, 0, SilenceState.Expired)]
    public void Silence_Times_SayItsState(int from, int to, SilenceState expected)
    {
        var silence = Silence(from, to, new Matcher("model", MatchOperator.Equal, "digits"));
        Assert.Equal(expected, silence.State(Now));
        Assert.Equal(expected is SilenceState.Active, silence.Mutes(AlertLabels.None.Add("model", "digits"), Now));
        Assert.False(silence.Mutes(AlertLabels.None.Add("model", "other"), Now));
    }

    [Theory]
    [InlineData(-60, 60, -60, 600, true)]
    [InlineData(-60, 60, -30, 60, false)]
    [InlineData(10, 60, 20, 70, true)]
    [InlineData(10, 60, -20, 70, false)]
    [InlineData(-60, -10, -60, 60, false)]
    public void Silence_Changed_KeepsItsIdOnlyIfThePastStaysAsItWas(int from, int to, int nextFrom, int nextTo, bool expected)
    {
        var digits = new Matcher("model", MatchOperator.Equal, "digits");
        Assert.Equal(expected, Silence(from, to, digits).CanBecome(Silence(nextFrom, nextTo, digits), Now));
        Assert.False(Silence(from, to, digits).CanBecome(Silence(nextFrom, nextTo, digits with { Value = "other" }), Now));
    }

    [Fact]
    public void Silence_ThatMatchesEverything_IsRefused()
    {
        Assert.Equal("matchers", Silence(0, 60, new Matcher("model", MatchOperator.Matches, ".*")).Refuse(Now)!.Field);
        Assert.Equal("matchers", Silence(0, 60).Refuse(Now)!.Field);
        Assert.Equal("ends_at", Silence(60, 60, new Matcher("model", MatchOperator.Equal, "a")).Refuse(Now)!.Field);
        Assert.Null(Silence(0, 60, new Matcher("model", MatchOperator.Equal, "a")).Refuse(Now));
    }

    [Theory]
    [InlineData("critical", "digits", true)]
    [InlineData("critical", "other", false)]
    [InlineData("warning", "digits", false)]
    public void Inhibition_CriticalAlertOfTheModel_MutesTheLesserOnes(string severity, string model, bool expected)
    {
        var target = AlertLabels.None.Add("model", "digits").Add("severity", "warning");
        var source = AlertLabels.None.Add("model", model).Add("severity", severity);
        Assert.Equal(expected, Inhibition.FindSource(target, Inhibition.Default, [source]) is not null);
    }

    [Fact]
    public void Inhibition_AlertsThatAreBothSourceAndTarget_DoNotMuteEachOther()
    {
        ImmutableArray<Matcher> both = [new("team", MatchOperator.Equal, "a")];
        ImmutableArray<InhibitRule> rules = [new(both, both, ["missing"])];
        var (one, two) = (AlertLabels.None.Add("team", "a").Add("n", "1"), AlertLabels.None.Add("team", "a").Add("n", "2"));
        Assert.Null(Inhibition.FindSource(one, rules, [two]));
        Assert.NotNull(Inhibition.FindSource(one, [rules[0] with { Source = [new("n", MatchOperator.Equal, "2")] }], [two]));
    }

    private static Silence Silence(int from, int to, params Matcher[] matchers) =>
        new("s", [.. matchers], Now.AddMinutes(from), Now.AddMinutes(to), "", "ann", Now);
}
