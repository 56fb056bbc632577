using System.Collections.Immutable;
using System.Text.Json;
using Platform.Core.Alerts.Machine;
using Platform.Core.Alerts.Routing;

namespace Platform.Core.Tests.Alerts;

public sealed class GroupFlushTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(20_000);
    private static readonly TimeSpan Repeat = TimeSpan.FromHours(4);

    /// <summary>Alerts are letters: capital while they fire, small when resolved; the log likewise, with its age in minutes.</summary>
    [Theory]
    [InlineData("A", null, 0, NotificationReason.FirstNotification)]
    [InlineData("a", null, 0, NotificationReason.NothingFiring)]
    [InlineData("", null, 0, NotificationReason.NothingFiring)]
    [InlineData("AB", "A", 1, NotificationReason.NewAlertsAdded)]
    [InlineData("AB", "a", 1, NotificationReason.FirstNotification)]
    [InlineData("a", "A", 1, NotificationReason.AllAlertsResolved)]
    [InlineData("a", "a", 1, NotificationReason.NothingFiring)]
    [InlineData("Ab", "AB", 1, NotificationReason.SomeAlertsResolved)]
    [InlineData("Ab", "Ab", 1, NotificationReason.NothingNew)]
    [InlineData("A", "A", 240, NotificationReason.NothingNew)]
    [InlineData("A", "A", 241, NotificationReason.RepeatIntervalElapsed)]
    [InlineData("A", "AB", 1, NotificationReason.NothingNew)]
    public void Plan_AlertsAndLog_HasTheReasonThatAlertmanagerHas(string alerts, string? log, int minutes, NotificationReason expected)
    {
        var plan = GroupFlush.Plan([.. alerts.Select(Alert)], log is null ? null : Log(log, minutes), _ => false, sendResolved: true, Repeat, Now);
        Assert.Equal(expected, plan.Reason);
        Assert.Equal(expected.Notifies(), plan.Entry is not null);
        Assert.Equal(expected.Notifies(), expected.Text().Length > 0);
    }

    [Fact]
    public void Plan_ResolvedNotWanted_IsRememberedUnsaid()
    {
        var plan = GroupFlush.Plan([Alert('a')], Log("A", 1), _ => false, sendResolved: false, Repeat, Now);
        Assert.Equal(NotificationReason.ResolvedUnsaid, plan.Reason);
        Assert.Empty(plan.Alerts);
        Assert.Empty(plan.Entry!.Firing);
    }

    [Fact]
    public void Plan_Muted_TellsNobodyAndStillForgetsWhatIsOver()
    {
        var plan = GroupFlush.Plan([Alert('A'), Alert('b')], null, _ => true, sendResolved: true, Repeat, Now);
        Assert.Equal(NotificationReason.NothingFiring, plan.Reason);
        Assert.Equal(Alert('b').Fingerprint, Assert.Single(plan.Done));
    }

    [Fact]
    public void FirstAt_AlertOlderThanTheWait_IsNow()
    {
        Assert.Equal(Now, GroupFlush.FirstAt(Now.AddMinutes(-1), TimeSpan.FromSeconds(30), Now));
        Assert.Equal(Now.AddSeconds(30), GroupFlush.FirstAt(Now, TimeSpan.FromSeconds(30), Now));
    }

    [Fact]
    public void GroupKey_Labels_AreThoseTheChannelGroupsBy()
    {
        var labels = AlertLabels.None.Add("model", "digits").Add("version", "1.0.0");
        Assert.Equal("{}/{channel=\"ops\"}:{model=\"digits\"}", GroupKey.Format("ops", GroupKey.Labels(labels, ["model", "region"])));
        Assert.Equal(labels, GroupKey.Labels(labels, [GroupKey.EachAlert]));
        Assert.Empty(GroupKey.Labels(labels, []));
    }

    [Fact]
    public void Payload_TenThousandAlertsOfOneCause_AreOneGroupAndShortenedToWhatTheChannelTakes()
    {
        ImmutableArray<GroupedAlert> alerts = [.. Enumerable.Range(0, 10_000).Select(i => new GroupedAlert(
            AlertLabels.None.Add("alertname", "down").Add("model", "digits").Add("worker", $"w{i}"), AlertLabels.None, Now.AddMinutes(-1), Now.AddMinutes(3)))];
        Assert.Single(alerts.Select(alert => GroupKey.Format("ops", GroupKey.Labels(alert.Labels, ["model"]))).Distinct());
        var plan = GroupFlush.Plan(alerts, null, _ => false, true, Repeat, Now);
        var payload = WebhookPayload.From("ops", "key", AlertLabels.None.Add("model", "digits"), plan, 100, "http://platform", Now);
        Assert.Equal(9_900, payload.TruncatedAlerts);
        var again = GroupFlush.Plan(alerts, plan.Entry, _ => false, true, Repeat, Now.AddMinutes(1));
        Assert.Equal(NotificationReason.NothingNew, again.Reason);
    }

    [Fact]
    public void Payload_Json_HasAlertmanagersFields()
    {
        var plan = GroupFlush.Plan([Alert('A'), Alert('b')], null, _ => false, true, Repeat, Now);
        using var json = JsonDocument.Parse(WebhookPayload.From("ops", "key", AlertLabels.None, plan, 0, "http://platform", Now).ToJson());
        string[] expected = ["version", "groupKey", "truncatedAlerts", "status", "receiver", "groupLabels", "commonLabels", "commonAnnotations", "externalURL", "notification_reason", "alerts"];
        Assert.Equal(expected, json.RootElement.EnumerateObject().Select(field => field.Name));
        string[] ofAlert = ["status", "labels", "annotations", "startsAt", "endsAt", "generatorURL", "fingerprint"];
        Assert.Equal(ofAlert, json.RootElement.GetProperty("alerts")[0].EnumerateObject().Select(field => field.Name));
        Assert.Equal("firing", json.RootElement.GetProperty("status").GetString());
        Assert.Equal("4", json.RootElement.GetProperty("version").GetString());
        Assert.Equal("firing,resolved", string.Join(',', json.RootElement.GetProperty("alerts").EnumerateArray().Select(alert => alert.GetProperty("status").GetString()).Order()));
    }

    private static GroupedAlert Alert(char letter) => new(
        AlertLabels.None.Add("alertname", char.ToUpperInvariant(letter).ToString()), AlertLabels.None,
        Now.AddHours(-1), char.IsUpper(letter) ? Now.AddMinutes(4) : Now.AddMinutes(-2));

    private static NotificationEntry Log(string letters, int minutes) => new(
        [.. letters.Where(char.IsUpper).Select(letter => Alert(letter).Fingerprint)],
        [.. letters.Where(char.IsLower).Select(letter => Alert(letter).Fingerprint)], Now.AddMinutes(-minutes));
}
