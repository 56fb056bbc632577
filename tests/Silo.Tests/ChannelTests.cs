using System.Text.Json;
using Microsoft.Extensions.Options;
using Platform.Core;
using Platform.Core.Alerts.Routing;
using Platform.Core.Results;
using Platform.Silo.Alerts;
using Platform.Silo.Alerts.Channels;

namespace Platform.Silo.Tests;

public sealed class ChannelTests(Cluster cluster)
{
    [Fact]
    public async Task Channel_Secrets_AreNeitherShownNorStoredInClear()
    {
        await using var stage = await AlertStage.SetAsync(cluster);
        var view = JsonSerializer.Serialize((await stage.Book.GetChannelAsync(stage.Channel)).Value, PlatformJson.Options);
        var kept = JsonSerializer.Serialize(await stage.Book.FindStoredChannelAsync(stage.Channel), PlatformJson.Options);
        Assert.All(new[] { view, kept }, text => Assert.DoesNotContain(stage.Secrets.Secret!, text, StringComparison.Ordinal));
        Assert.All(new[] { view, kept }, text => Assert.DoesNotContain("secret-path", text, StringComparison.Ordinal));
        Assert.Contains("127.0.0.1", view, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Channel_ChangedWithoutItsSecrets_KeepsThem()
    {
        await using var stage = await AlertStage.SetAsync(cluster);
        var changed = await stage.Book.PutChannelAsync(stage.ToChannel() with { MaxAlerts = 7 }, new(null, null, null), null);
        Assert.Equal((7, true), (changed.Value!.Channel.MaxAlerts, changed.Value.HasSecret));
        await stage.WorsenAsync();
        await stage.UntilToldAsync(1);
        Assert.NotNull(stage.Receiver.Received.First().Signature);
        Assert.Equal(RefusalReason.PreconditionFailed, (await stage.Book.PutChannelAsync(stage.ToChannel(), stage.Secrets, 1_000_000)).Refusal!.Reason);
        Assert.Equal("url", (await stage.Book.PutChannelAsync(stage.ToChannel(), new("nowhere", null, null), null)).Refusal!.Field);
    }

    [Fact]
    public async Task SlackChannel_OfAnAlert_GetsAText()
    {
        await using var stage = await AlertStage.SetAsync(cluster, ChannelType.Slack);
        await stage.WorsenAsync();
        await stage.UntilToldAsync(1);
        using var message = JsonDocument.Parse(stage.Receiver.Received.First().Body);
        Assert.Equal($"[FIRING:1] {stage.Model}", message.RootElement.GetProperty("text").GetString());
        Assert.Contains("It is wrong.", message.RootElement.GetProperty("attachments")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EmailChannel_OfAnAlert_SendsAMessageWithTheKeyAsItsId()
    {
        await using var server = SmtpServer.Start();
        var channel = new Channel("ops", ChannelType.Email, new("127.0.0.1", server.Port, "platform@a.example", ["ops@b.example"], null, false), [], default, default, default, true, 0);
        using var sender = Sender(allowPrivate: true);
        var result = await sender.SendAsync(channel, new(null, null, null), Payload, "key-1");
        Assert.Null(result.Fault);
        var message = Assert.Single(server.Messages);
        Assert.Contains("Subject: [FIRING", message, StringComparison.Ordinal);
        Assert.Contains("key-1@", message, StringComparison.Ordinal);
        Assert.Contains("alertname=down", message, StringComparison.Ordinal);
        Assert.Equal("ops@b.example", Assert.Single(server.Recipients));
    }

    [Fact]
    public async Task EmailChannel_ThatHasToBeEncryptedAndIsNot_SendsNothing()
    {
        await using var server = SmtpServer.Start();
        var channel = new Channel("ops", ChannelType.Email, new("127.0.0.1", server.Port, "platform@a.example", ["ops@b.example"], null, Tls: true), [], default, default, default, true, 0);
        using var sender = Sender(allowPrivate: true);
        Assert.NotNull((await sender.SendAsync(channel, new(null, null, null), Payload, "key-1")).Fault);
        Assert.Empty(server.Messages);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::1]")]
    [InlineData("10.1.2.3")]
    [InlineData("169.254.169.254")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task Guard_PrivateTarget_IsRefusedWhenPutAndWhenConnected(string host)
    {
        var guard = new TargetGuard(Options.Create(new AlertOptions()));
        Assert.NotNull(await guard.RefuseAsync(host));
        await Assert.ThrowsAsync<PrivateTargetException>(() => guard.ConnectAsync(host, 80, TestContext.Current.CancellationToken));
        Assert.Null(await new TargetGuard(Options.Create(new AlertOptions { AllowPrivateTargets = true })).RefuseAsync(host));
        Assert.Null(await guard.RefuseAsync("93.184.215.14"));
    }

    [Fact]
    public async Task Sender_PrivateTarget_ReachesNobody()
    {
        await using var receiver = await AlertReceiver.StartAsync();
        var channel = new Channel("ops", ChannelType.Webhook, null, [], default, default, default, true, 0);
        using var closed = Sender(allowPrivate: false);
        var refused = await closed.SendAsync(channel, new(receiver.Url, null, null), Payload, "key-1");
        Assert.Contains("AllowPrivateTargets", refused.Fault, StringComparison.Ordinal);
        Assert.Empty(receiver.Received);
        using var open = Sender(allowPrivate: true);
        Assert.Null((await open.SendAsync(channel, new(receiver.Url, null, null), Payload, "key-1")).Fault);
    }

    [Theory]
    [InlineData(503, false)]
    [InlineData(429, false)]
    [InlineData(404, true)]
    [InlineData(302, true)]
    public async Task Sender_AnswerThatIsNoSuccess_IsFinalOrNot(int status, bool isFinal)
    {
        await using var receiver = await AlertReceiver.StartAsync();
        receiver.Answers.Enqueue(status);
        using var sender = Sender(allowPrivate: true);
        var channel = new Channel("ops", ChannelType.Webhook, null, [], default, default, default, true, 0);
        Assert.Equal(new SendResult($"Answered {status}.", isFinal), await sender.SendAsync(channel, new(receiver.Url, null, null), Payload, "key-1"));
    }

    private static string Payload
    {
        get
        {
            var now = AlertStage.Now;
            var labels = Core.Alerts.Machine.AlertLabels.None.Add("alertname", "down");
            var plan = GroupFlush.Plan([new(labels, labels, now, now.AddMinutes(4))], null, _ => false, true, TimeSpan.FromHours(4), now);
            return WebhookPayload.From("ops", "key", labels, plan, 0, "http://platform.example", now).ToJson();
        }
    }

    private static ChannelSender Sender(bool allowPrivate)
    {
        var options = Options.Create(new AlertOptions { AllowPrivateTargets = allowPrivate });
        return new(new TargetGuard(options), options, TimeProvider.System);
    }
}
