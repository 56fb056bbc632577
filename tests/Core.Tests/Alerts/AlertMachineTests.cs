using System.Collections.Immutable;
using Platform.Core.Alerts.Machine;

namespace Platform.Core.Tests.Alerts;

public sealed class AlertMachineTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddDays(20_000);
    private static readonly ImmutableSortedDictionary<string, string> Labels = AlertLabels.None.Add("alertname", "A");

    [Theory]
    [InlineData("", "cbf29ce484222325")]
    [InlineData("alertname=A", "d2c6efc389df0927")]
    [InlineData("severity=page,alertname=HighErrorRate,model=resnet50", "3d82c498727f0f05")]
    public void Fingerprint_ReferenceLabels_HaveTheReferenceValues(string labels, string expected) =>
        Assert.Equal(expected, AlertLabels.Fingerprint(labels.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(label => label.Split('=')).ToImmutableSortedDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal)));

    [Fact]
    public void Evaluate_WithoutFor_FiresAtOnceAndIsSent()
    {
        var step = Evaluate(AlertMachine.NoAlerts, Timing(0), SeriesVerdict.Breaching, 0);
        Assert.Equal(AlertState.Firing, Assert.Single(step.Alerts).Value.State);
        Assert.Single(step.ToSend);
        Assert.Equal(AlertReason.HeldForLongEnough, Assert.Single(step.Changes).Reason);
    }

    [Fact]
    public void Evaluate_ConditionCeasesWhilePending_ForgetsWithoutTellingAnybody()
    {
        var pending = Evaluate(AlertMachine.NoAlerts, Timing(60), SeriesVerdict.Breaching, 0);
        Assert.Equal(AlertReason.ConditionMet, Assert.Single(pending.Changes).Reason);
        var gone = Evaluate(pending.Alerts, Timing(60), SeriesVerdict.Clear, 5);
        Assert.Empty(gone.Alerts);
        Assert.Empty(gone.ToSend);
        Assert.Equal(AlertReason.PendingCeased, Assert.Single(gone.Changes).Reason);
    }

    [Theory]
    [InlineData(MissingDataPolicy.Keep, AlertState.Firing, AlertReason.KeptForMissingData)]
    [InlineData(MissingDataPolicy.Ok, AlertState.Resolved, AlertReason.ConditionCeased)]
    [InlineData(MissingDataPolicy.Alert, AlertState.Firing, AlertReason.StillFiring)]
    public void Evaluate_DataMissingWhileFiring_FollowsThePolicy(MissingDataPolicy policy, AlertState state, AlertReason reason)
    {
        var firing = Evaluate(AlertMachine.NoAlerts, Timing(0, policy), SeriesVerdict.Breaching, 0);
        var step = Evaluate(firing.Alerts, Timing(0, policy), SeriesVerdict.Missing, 5);
        Assert.Equal(state, Assert.Single(step.Alerts).Value.State);
        Assert.Equal(reason, Assert.Single(step.Changes).Reason);
        Assert.NotNull(step.Alerts.Values.Single().MissingSince);
    }

    [Fact]
    public void Evaluate_DataMissingForDays_NeverResolvesAndGoesOnBeingSent()
    {
        var alerts = Evaluate(AlertMachine.NoAlerts, Timing(0), SeriesVerdict.Breaching, 0).Alerts;
        for (var second = 3600; second < 5 * 86_400; second += 3600)
        {
            var step = Evaluate(alerts, Timing(0), SeriesVerdict.Missing, second);
            Assert.Single(step.ToSend);
            alerts = step.Alerts;
        }

        Assert.Equal(AlertState.Firing, alerts.Values.Single().State);
    }

    [Fact]
    public void Evaluate_DataMissingWhilePending_DoesNotFire()
    {
        var pending = Evaluate(AlertMachine.NoAlerts, Timing(60), SeriesVerdict.Breaching, 0);
        Assert.Equal(AlertState.Pending, Evaluate(pending.Alerts, Timing(60), SeriesVerdict.Missing, 300).Alerts.Values.Single().State);
    }

    [Fact]
    public void Evaluate_KeepFiringFor_ResolvesOnlyAfterIt()
    {
        var timing = Timing(0) with { KeepFiringFor = TimeSpan.FromSeconds(60) };
        var alerts = Evaluate(AlertMachine.NoAlerts, timing, SeriesVerdict.Breaching, 0).Alerts;
        alerts = Evaluate(alerts, timing, SeriesVerdict.Clear, 5).Alerts;
        Assert.Equal(AlertState.Firing, Evaluate(alerts, timing, SeriesVerdict.Clear, 64).Alerts.Values.Single().State);
        Assert.Equal(AlertState.Resolved, Evaluate(alerts, timing, SeriesVerdict.Clear, 65).Alerts.Values.Single().State);
    }

    [Fact]
    public void Evaluate_Resolved_IsKeptForFifteenMinutes()
    {
        var alerts = Evaluate(AlertMachine.NoAlerts, Timing(0), SeriesVerdict.Breaching, 0).Alerts;
        alerts = Evaluate(alerts, Timing(0), SeriesVerdict.Clear, 5).Alerts;
        Assert.Single(Evaluate(alerts, Timing(0), SeriesVerdict.Clear, 5 + 900).Alerts);
        Assert.Empty(Evaluate(alerts, Timing(0), SeriesVerdict.Clear, 5 + 901).Alerts);
    }

    [Fact]
    public void Evaluate_DuplicateLabels_ChangesNothing()
    {
        var firing = Evaluate(AlertMachine.NoAlerts, Timing(0), SeriesVerdict.Breaching, 0);
        var twice = new SeriesResult(Labels, SeriesVerdict.Clear, 0);
        var step = AlertMachine.Evaluate(firing.Alerts, Timing(0), [twice, twice], Start.AddSeconds(5));
        Assert.Equal(EvaluationReason.DuplicateLabels, step.Reason);
        Assert.Same(firing.Alerts, step.Alerts);
    }

    [Fact]
    public void ValidUntil_IsFourTimesTheLongerOfIntervalAndAMinute()
    {
        Assert.Equal(Start.AddMinutes(4), Timing(0).ValidUntil(Start));
        Assert.Equal(Start.AddMinutes(8), (Timing(0) with { Interval = TimeSpan.FromMinutes(2) }).ValidUntil(Start));
    }

    [Fact]
    public void Restore_Firing_StaysFiring()
    {
        var firing = Evaluate(AlertMachine.NoAlerts, Timing(0), SeriesVerdict.Breaching, 0).Alerts;
        Assert.Same(firing.Values.Single(), AlertMachine.Restore(firing, Timing(900), Start, Start.AddHours(1)).Values.Single());
    }

    private static AlertTiming Timing(int seconds, MissingDataPolicy policy = MissingDataPolicy.Keep) =>
        new(TimeSpan.FromSeconds(seconds), TimeSpan.Zero, TimeSpan.FromSeconds(5), policy);

    private static MachineStep Evaluate(ImmutableSortedDictionary<string, ActiveAlert> alerts, AlertTiming timing, SeriesVerdict verdict, int second) =>
        AlertMachine.Evaluate(alerts, timing, [new SeriesResult(Labels, verdict, 1)], Start.AddSeconds(second));
}
