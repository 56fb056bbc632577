using System.Security.Cryptography;
using System.Text;
using Platform.Contracts.Alerts;
using Platform.Core.Alerts.Machine;
using Platform.Core.Alerts.Routing;
using Platform.Core.Alerts.Rules;
using Platform.Core.Results;
using Platform.Core.Serving;
using Platform.SharedState.Alerts;
using Platform.SharedState.Plans;

namespace Platform.Silo.Tests;

public sealed class AlertTests(Cluster cluster)
{
    [Fact]
    public async Task Alert_FiresAndResolves_IsToldOnceEach()
    {
        await using var stage = await AlertStage.SetAsync(cluster);
        await stage.WorsenAsync();
        await stage.UntilToldAsync(1);
        await stage.MendAsync();
        await stage.UntilToldAsync(2);
        var told = stage.Receiver.Received.ToArray();
        Assert.Equal(["first notification", "all alerts resolved"], told.Select(one => one.Payload.NotificationReason));
        Assert.Equal(["firing", "resolved"], told.Select(one => one.Payload.Status));
        var alert = Assert.Single(told[0].Payload.Alerts);
        Assert.Equal((stage.RuleName, stage.Model, "It is wrong."), (alert.Labels["alertname"], alert.Labels["model"], alert.Annotations["summary"]));
        Assert.Equal(2, told.Select(one => one.Key).Distinct().Count());
        var expected = "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(stage.Secrets.Secret!), Encoding.UTF8.GetBytes(told[0].Body)));
        Assert.Equal(expected, told[0].Signature);
        var history = await cluster.Service<AlertBoard>().HistoryAsync(DateTimeOffset.UnixEpoch, AlertStage.Now, 0, 100);
        AlertState?[] states = [AlertState.Resolved, AlertState.Firing];
        Assert.Equal(states, history.Where(one => one.Rule == stage.RuleName).Select(one => one.To));
    }

    [Fact]
    public async Task Alert_DataCease_FiresOn()
    {
        await using var stage = await AlertStage.SetAsync(cluster);
        await stage.WorsenAsync();
        await stage.UntilStateAsync(AlertState.Firing);
        await stage.Rule.EvaluateAsync(AlertStage.Now.AddHours(3));
        var view = (await stage.Rule.GetAsync()).Value!;
        Assert.Equal((SeriesVerdict.Missing, (AlertState?)AlertState.Firing), (view.Health!.Verdict, view.Health.State));
    }

    [Fact]
    public async Task BurnRate_OfAModelWithoutTraffic_IsJudgedAndFindsNothing()
    {
        await using var stage = await AlertStage.SetAsync(cluster);
        var rule = cluster.Grain<IAlertRuleGrain>($"b{stage.Model}");
        Assert.Null((await rule.CreateAsync(stage.Valid with { Name = $"b{stage.Model}", Kind = AlertKind.BurnRate, Metric = "error_rate" }, "ann")).Refusal);

        await rule.EvaluateAsync(AlertStage.Now);

        var health = (await rule.GetAsync()).Value!.Health!;
        Assert.Equal((SeriesVerdict.Missing, (AlertState?)null), (health.Verdict, health.State));
        await rule.DeleteAsync(null);
    }

    [Fact]
    public async Task Rule_ThatIsKilledWhileFiring_IsNotPendingAgain()
    {
        await using var stage = await AlertStage.SetAsync(cluster);
        await stage.WorsenAsync();
        await stage.UntilToldAsync(1);
        for (var i = 0; i < 3; i++)
        {
            await Cluster.ForgetAsync(stage.Rule, stage.Group);
            await stage.UntilStateAsync(AlertState.Firing);
        }

        var history = await cluster.Service<AlertBoard>().HistoryAsync(DateTimeOffset.UnixEpoch, AlertStage.Now, 0, 100);
        Assert.Single(history, one => one.Rule == stage.RuleName);
        Assert.Single(stage.Receiver.Received);
    }

    [Fact]
    public async Task Notification_OfAGroupThatIsKilledBetweenAttempts_KeepsItsKey()
    {
        await using var stage = await AlertStage.SetAsync(cluster);
        for (var i = 0; i < 3; i++) stage.Receiver.Answers.Enqueue(503);
        await stage.WorsenAsync();
        await stage.UntilToldAsync(1);
        await Cluster.ForgetAsync(stage.Group);
        await stage.Group.WakeAsync();
        await stage.UntilToldAsync(4);
        await stage.MendAsync();
        await stage.UntilToldAsync(5);
        var told = stage.Receiver.Received.ToArray();
        Assert.Single(told[..4].Select(one => one.Key).Distinct());
        Assert.Equal("all alerts resolved", told[4].Payload.NotificationReason);
    }

    [Fact]
    public async Task Notification_ThatCannotBeStored_IsNotSentUntilItCan()
    {
        await using var stage = await AlertStage.SetAsync(cluster);
        cluster.Storage.Fail(stage.GroupName);
        try
        {
            await stage.WorsenAsync();
            await stage.UntilStateAsync(AlertState.Firing);
            await stage.Group.FlushAsync(AlertStage.Now.AddMinutes(1));
            Assert.Empty(stage.Receiver.Received);
        }
        finally
        {
            cluster.Storage.Mend(stage.GroupName);
        }

        await stage.UntilToldAsync(1);
        Assert.Equal("first notification", Assert.Single(stage.Receiver.Received).Payload.NotificationReason);
    }

    [Fact]
    public async Task Silence_WhileItHolds_KeepsAnAlertFromBeingTold()
    {
        await using var stage = await AlertStage.SetAsync(cluster);
        var id = Guid.NewGuid().ToString();
        await stage.SilenceAsync(id);
        await stage.WorsenAsync();
        await stage.UntilStateAsync(AlertState.Firing);
        await stage.Group.FlushAsync(AlertStage.Now.AddSeconds(2));
        Assert.Empty(stage.Receiver.Received);
        Assert.Equal(SilenceState.Expired, (await stage.Book.ExpireSilenceAsync(id)).Value!.State(AlertStage.Now));
        await stage.UntilToldAsync(1);
        Assert.Equal(RefusalReason.NotFound, (await stage.Book.GetSilenceAsync("none")).Refusal!.Reason);
    }

    [Fact]
    public async Task Alert_OfACanary_IsNotToldWhileItsRolloutRunsAndSaysSo()
    {
        await using var stage = await AlertStage.SetAsync(cluster);
        await cluster.Plans.PublishAsync(new ModelPlan(stage.Model, 1, [], [new("0.9.0", 9_000, PlannedRoute.Stable), new("1.0.0", 1_000, PlannedRoute.Canary)]));
        await stage.UntilAsync(() => Task.FromResult(cluster.Service<PlanFollower>().Plans.ContainsKey(stage.Model)), "the plan");
        await stage.WorsenAsync();
        await stage.UntilStateAsync(AlertState.Firing);
        await stage.Group.FlushAsync(AlertStage.Now.AddSeconds(2));
        Assert.Empty(stage.Receiver.Received);
        var shown = (await cluster.Service<AlertBoard>().ReadAsync()).Single(one => one.Rule == stage.RuleName);
        Assert.Contains("canary", shown.InhibitedBy, StringComparison.Ordinal);

        await cluster.Plans.RemoveAsync(stage.Model);
        await stage.UntilAsync(() => Task.FromResult(!cluster.Service<PlanFollower>().Plans.ContainsKey(stage.Model)), "the end of the rollout");
        await stage.Rule.EvaluateAsync(AlertStage.Now.AddMinutes(2));
        await stage.UntilToldAsync(1);
    }

    [Fact]
    public async Task Notification_ThatIsRefusedForGood_IsADeadLetterThatCanBeResent()
    {
        await using var stage = await AlertStage.SetAsync(cluster);
        stage.Receiver.Answers.Enqueue(400);
        await stage.WorsenAsync();
        await stage.UntilAsync(async () => (await stage.DeadLettersAsync()).Length > 0, "a dead letter");
        var letter = (await stage.DeadLettersAsync())[0];
        Assert.Equal(("Answered 400.", 1), (letter.Fault, letter.Attempts));
        Assert.Equal(RefusalReason.NotFound, (await stage.Group.ResendAsync("none")).Refusal!.Reason);
        Assert.Null((await stage.Group.ResendAsync(letter.Id)).Refusal);
        Assert.Empty(await stage.DeadLettersAsync());
        Assert.Equal(2, stage.Receiver.Received.Count(one => one.Key == letter.Id));
    }

    [Fact]
    public async Task Group_OfThousandsOfAlerts_IsToldAtMostThreeTimes()
    {
        await using var stage = await AlertStage.SetAsync(cluster);
        const int alerts = 10_000;
        // So slow that only the flushes of this test count, however busy the machine is.
        var slow = stage.ToChannel() with { GroupWait = TimeSpan.FromMinutes(30), GroupInterval = TimeSpan.FromMinutes(30) };
        Assert.Null((await stage.Book.PutChannelAsync(slow, stage.Secrets, null)).Refusal);
        var now = AlertStage.Now;
        foreach (var half in Enumerable.Range(0, alerts).Chunk(alerts / 2))
        {
            foreach (var batch in half.Chunk(500))
            {
                await stage.Group.ReceiveAsync([.. batch.Select(i => new GroupedAlert(
                    AlertLabels.None.Add("alertname", "down").Add("model", stage.Model).Add("n", $"{i}"), AlertLabels.None, now, now.AddDays(1)))]);
            }

            await stage.Group.FlushAsync(now.AddMinutes(half[0] == 0 ? 31 : 62));
        }

        await stage.Group.FlushAsync(now.AddMinutes(93));
        Assert.Equal([alerts / 2, alerts], stage.Receiver.Received.Select(one => one.Payload.Alerts.Length));
    }

    [Fact]
    public async Task Rule_ThatIsDeletedWhileFiring_ResolvesFirst()
    {
        await using var stage = await AlertStage.SetAsync(cluster);
        await stage.WorsenAsync();
        await stage.UntilToldAsync(1);
        Assert.Equal(RefusalReason.PreconditionFailed, (await stage.Rule.DeleteAsync(99)).Refusal!.Reason);
        Assert.Null((await stage.Rule.DeleteAsync(null)).Refusal);
        await stage.UntilToldAsync(2);
        Assert.Equal("all alerts resolved", stage.Receiver.Received.Last().Payload.NotificationReason);
        Assert.DoesNotContain(stage.RuleName, await stage.Book.ListRulesAsync());
        Assert.Equal(RefusalReason.NotFound, (await stage.Rule.GetAsync()).Refusal!.Reason);
        Assert.DoesNotContain(await cluster.Service<AlertBoard>().ReadAsync(), one => one.Rule == stage.RuleName);
    }

    [Fact]
    public async Task Rule_SwitchedOff_ResolvesAndStaysQuiet()
    {
        await using var stage = await AlertStage.SetAsync(cluster);
        await stage.WorsenAsync();
        await stage.UntilStateAsync(AlertState.Firing);
        Assert.Equal(RefusalReason.Conflict, (await stage.Rule.CreateAsync(stage.Valid, "bob")).Refusal!.Reason);
        Assert.Equal("min_samples", (await stage.Rule.UpdateAsync(stage.Valid with { MinSamples = -1 }, "bob", null)).Refusal!.Field);
        Assert.Null((await stage.Rule.UpdateAsync(stage.Valid with { Enabled = false }, "bob", 1)).Refusal);
        await stage.UntilStateAsync(AlertState.Resolved);
    }

    [Fact]
    public async Task Replay_OverWhatWasCounted_SaysWhenItWouldHaveFired()
    {
        await using var stage = await AlertStage.SetAsync(cluster);
        await stage.WorsenAsync();
        var now = AlertStage.Now;
        // A slot ends after the moment, so the minute of the labels is seen in full only at its end.
        var replay = (await stage.Rule.TestAsync(now.AddMinutes(-30), now)).Value!;
        Assert.Equal((1, TimeSpan.FromMinutes(1)), (replay.Firings, replay.Step));
        Assert.InRange(replay.Missing, 28, 31);
        Assert.Equal("from", (await stage.Rule.TestAsync(now, now.AddHours(-1))).Refusal!.Field);
        Assert.Equal("to", (await stage.Rule.TestAsync(now, now.AddHours(1))).Refusal!.Field);
    }
}
