using Platform.Core.Alerts.Machine;
using Platform.Core.Alerts.Routing;
using Platform.Core.Alerts.Rules;
using Platform.Core.Models;

namespace Platform.Core.Tests.Alerts;

public sealed class AlertRuleRulesTests
{
    public static TheoryData<string> Fields => [.. Bad.Keys];

    private static Dictionary<string, AlertRule> Bad { get; } = new()
    {
        ["name"] = Rules.Valid with { Name = "Not a name" },
        ["model"] = Rules.Valid with { Model = "" },
        ["version"] = Rules.Valid with { Version = "latest" },
        ["metric"] = Rules.Valid with { Metric = "happiness" },
        ["op"] = Rules.Valid with { Op = ComparisonOperator.Equal },
        ["threshold"] = Rules.Valid with { Threshold = double.NaN },
        ["confidence"] = Rules.Valid with { Confidence = 1 },
        ["min_samples"] = Rules.Valid with { MinSamples = -1 },
        ["objective"] = Rules.Valid with { Kind = AlertKind.BurnRate, Objective = 1 },
        ["min_bad_events"] = Rules.Valid with { Kind = AlertKind.BurnRate, MinBadEvents = 0 },
        ["window"] = Rules.Valid with { Window = TimeSpan.FromSeconds(1) },
        ["for"] = Rules.Valid with { For = TimeSpan.FromSeconds(-1) },
        ["keep_firing_for"] = Rules.Valid with { KeepFiringFor = TimeSpan.FromDays(8) },
        ["channels"] = Rules.Valid with { Channels = ["ops", "ops"] },
        ["labels"] = Rules.Valid with { Labels = AlertLabels.None.Add("not-a-label", "x") },
        ["annotations"] = Rules.Valid with { Annotations = AlertLabels.None.Add("summary", new string('x', 1025)) },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public void Refuse_BadField_NamesIt(string field) => Assert.Equal(field, AlertRuleRules.Refuse(Bad[field])!.Field);

    [Fact]
    public void Refuse_ValidRulesOfEachKind_AreKept()
    {
        Assert.Null(AlertRuleRules.Refuse(Rules.Valid));
        Assert.Null(AlertRuleRules.Refuse(Rules.Valid with { Kind = AlertKind.BurnRate }));
        Assert.Null(AlertRuleRules.Refuse(Rules.Valid with { Kind = AlertKind.Anomaly, Metric = "latency_p99_ms", Threshold = 4 }));
        Assert.Null(AlertRuleRules.Refuse(Rules.Valid with { Kind = AlertKind.Absence, Metric = "worker_count" }));
    }

    [Fact]
    public void Refuse_MetricThatTheKindCannotJudge_NamesIt()
    {
        Assert.Equal("metric", AlertRuleRules.Refuse(Rules.Valid with { Kind = AlertKind.BurnRate, Metric = "accuracy" })!.Field);
        Assert.Equal("metric", AlertRuleRules.Refuse(Rules.Valid with { Kind = AlertKind.Absence })!.Field);
        Assert.Equal("confidence", AlertRuleRules.Refuse(Rules.Valid with { Metric = "latency_p99_ms", Confidence = 0.99 })!.Field);
        Assert.Null(AlertRuleRules.Refuse(Rules.Valid with { Metric = "accuracy", Confidence = 0.99 }));
        Assert.Equal("version", AlertRuleRules.Refuse(Rules.Valid with { Metric = "drift_score", Version = null })!.Field);
    }

    [Fact]
    public void AlertLabels_RulesOwn_DoNotReplaceWhatTheAlertIsAbout()
    {
        var labels = (Rules.Valid with { Labels = AlertLabels.None.Add("model", "other").Add("team", "vision") }).AlertLabels();
        Assert.Equal(("digits", "vision", "warning", "errors", "1.0.0"), (labels["model"], labels["team"], labels["severity"], labels["alertname"], labels["version"]));
    }

    [Theory]
    [InlineData("not an address", false)]
    [InlineData("ftp://example.com/", false)]
    [InlineData("https://user:pass@example.com/", false)]
    [InlineData("https://example.com/hook", true)]
    public void Channel_Url_IsAnAbsoluteWebAddress(string url, bool isFine)
    {
        var channel = new Channel("ops", ChannelType.Webhook, null, ["model"], TimeSpan.Zero, TimeSpan.FromMinutes(5), TimeSpan.FromHours(4), true, 0);
        Assert.Equal(isFine ? null : "url", channel.Refuse(new(url, null, null))?.Field);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("10.0.0.1", true)]
    [InlineData("172.31.255.255", true)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.168.1.1", true)]
    [InlineData("169.254.169.254", true)]
    [InlineData("100.64.0.1", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("8.8.8.8", false)]
    [InlineData("::1", true)]
    [InlineData("::", true)]
    [InlineData("fd00::1", true)]
    [InlineData("fe80::1", true)]
    [InlineData("::ffff:10.0.0.1", true)]
    [InlineData("::10.0.0.1", true)]
    [InlineData("64:ff9b::a00:1", true)]
    [InlineData("2002:a00:1::", true)]
    [InlineData("2606:4700::1111", false)]
    public void TargetAddress_OfOurOwnNetworks_IsPrivate(string address, bool expected) =>
        Assert.Equal(expected, TargetAddress.IsPrivate(System.Net.IPAddress.Parse(address)));

    [Fact]
    public void DefaultRules_OfADeployedVersion_CanAllBeKept()
    {
        var model = new string('m', 64);
        var rules = DefaultRules.For(model, "1.0.0-RC.1+build", 0.97);
        Assert.Equal(5, rules.Select(rule => rule.Name).Distinct().Count());
        Assert.All(rules, rule => Assert.Null(AlertRuleRules.Refuse(rule)));
        Assert.Equal(4, DefaultRules.For(model, "1.0.0-RC.1+build", null).Length);
        Assert.Equal(0.92, rules.Single(rule => rule.Metric == "accuracy").Threshold, 9);
    }

    [Fact]
    public void Channel_EmailAddressWithALineBreak_IsRefused()
    {
        var email = new EmailTarget("localhost", 25, "a@b.example", ["x@y.example\r\nBcc: all@z.example"], null, false);
        var channel = new Channel("ops", ChannelType.Email, email, [], TimeSpan.Zero, TimeSpan.FromMinutes(5), TimeSpan.FromHours(4), true, 0);
        Assert.Equal("email.to", channel.Refuse(new(null, null, null))!.Field);
        Assert.Null((channel with { Email = email with { To = ["x@y.example"] } }).Refuse(new(null, null, null)));
    }
}
