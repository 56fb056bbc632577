using System.Collections.Immutable;
using Platform.Contracts.Alerts;
using Platform.Core.Alerts.Machine;
using Platform.Core.Alerts.Routing;
using Platform.Core.Alerts.Rules;
using Platform.Core.Models;
using Platform.Core.Quality;
using Platform.SharedState.Alerts;
using Platform.SharedState.Quality;

namespace Platform.Silo.Tests;

/// <summary>A model whose labels the test makes up, a rule on its accuracy, and a webhook that hears of it.</summary>
internal sealed class AlertStage : IAsyncDisposable
{
    private const string Secret = "the channel's secret";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly Cluster cluster;

    private AlertStage(Cluster cluster, AlertReceiver receiver) => (this.cluster, Receiver) = (cluster, receiver);

    public AlertReceiver Receiver { get; }

    public string Model { get; } = $"m-{Guid.NewGuid():n}";

    public string Channel => "c" + Model;

    public string RuleName => "r" + Model;

    public ChannelSecrets Secrets => new(Receiver.Url, Secret, null);

    public IAlertRuleGrain Rule => cluster.Grain<IAlertRuleGrain>(RuleName);

    public IAlertBookGrain Book => cluster.Grain<IAlertBookGrain>(IAlertBookGrain.Key);

    public string GroupName => AlertGroupKey.Of(Channel, AlertLabels.None.Add(AlertLabels.Model, Model));

    public IAlertGroupGrain Group => cluster.Grain<IAlertGroupGrain>(GroupName);

    public AlertRule Valid => new(
        RuleName, Model, "1.0.0", null, AlertKind.Threshold, "accuracy", ComparisonOperator.Below, 0.9, TimeSpan.FromMinutes(10), TimeSpan.Zero, TimeSpan.Zero,
        AlertSeverity.Warning, 20, MissingDataPolicy.Keep, 0.999, 5, Season.Day, false, true, [Channel], AlertLabels.None, AlertLabels.None.Add("summary", "It is wrong."));

    public Channel ToChannel(ChannelType type = ChannelType.Webhook) => new(
        Channel, type, null, [AlertLabels.Model], TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromHours(4), true, 0);

    public static async Task<AlertStage> SetAsync(Cluster cluster, ChannelType type = ChannelType.Webhook)
    {
        var stage = new AlertStage(cluster, await AlertReceiver.StartAsync());
        Assert.Null((await stage.Book.PutChannelAsync(stage.ToChannel(type), stage.Secrets, null)).Refusal);
        Assert.Null((await stage.Rule.CreateAsync(stage.Valid, "ann")).Refusal);
        return stage;
    }

    public async ValueTask DisposeAsync()
    {
        await Rule.DeleteAsync(null);
        await Book.RemoveChannelAsync(Channel, null);
        await Receiver.DisposeAsync();
    }

    /// <summary>Labels come for predictions of just now.</summary>
    public Task LabelAsync(int right, int wrong)
    {
        var counts = new QualityCounts();
        counts.Add(CounterNames.Predicted, right + wrong);
        counts.Add(CounterNames.Labelled, right + wrong);
        counts.Add(CounterNames.Wrong, wrong);
        counts.Add(CounterNames.Cell(1, 1), right);
        counts.Add(CounterNames.Cell(1, 0), wrong);
        return cluster.Service<QualityStore>().AddAsync(Guid.NewGuid().ToString("n"), Model, "1.0.0", "stable", TimeProvider.System.GetUtcNow(), counts);
    }

    public Task WorsenAsync() => LabelAsync(50, 50);

    public Task MendAsync() => LabelAsync(100_000, 0);

    public Task SilenceAsync(string id) => Book.AddSilenceAsync(new Silence(
        id, [new Matcher("model", MatchOperator.Equal, Model)], Now.AddMinutes(-1), Now.AddHours(1), "known", "ann", Now));

    public async Task<AlertState?> StateAsync() => (await Rule.GetAsync()).Value?.Health?.State;

    public async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            if (limit.IsCancellationRequested) throw new TimeoutException($"Waited in vain for {what}; received: {string.Join(" | ", Receiver.Received.Select(one => one.Payload.NotificationReason))}");
            await timer.WaitForNextTickAsync();
        }
    }

    public Task UntilToldAsync(int count) => UntilAsync(() => Task.FromResult(Receiver.Received.Count >= count), $"{count} notifications");

    public Task UntilStateAsync(AlertState state) => UntilAsync(async () => await StateAsync() == state, $"{state}");

    public async Task<ImmutableArray<DeadLetter>> DeadLettersAsync() => await cluster.Service<DeadLetters>().ListAsync(Channel);

    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();
}
