using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Contracts.Alerts;
using Platform.Core.Alerts.Machine;
using Platform.Core.Alerts.Routing;
using Platform.SharedState;
using Platform.SharedState.Alerts;
using Platform.Silo.Alerts.Channels;
using Platform.Silo.Storage;

namespace Platform.Silo.Alerts;

/// <summary>Decides what a channel is told of a group, and when. How it is told is in AlertGroupGrain.Sending.cs.</summary>
internal sealed partial class AlertGroupGrain(
    [PersistentState("alert-group")] IPersistentState<AlertGroupState> stored,
    GroupAlerts alerts,
    AlertBoard board,
    DeadLetters deadLetters,
    ChannelSeal seal,
    ChannelSender sender,
    IOptions<AlertOptions> options,
    TimeProvider clock,
    ILogger<AlertGroupGrain> logger) : Grain, IAlertGroupGrain
{
    /// <summary>After a pause as long as this, alerts fell silent because nobody listened.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>In which every rule that runs has sent its alerts again, with much to spare.</summary>
    private static readonly TimeSpan Grace = 4 * AlertTiming.ResendDelay;

    private DateTimeOffset? nextFlush;
    private DateTimeOffset? lastTick;
    private DateTimeOffset watchingSince;
    private long received = 1;
    private long emptyAt;

    private AlertGroupState Current => stored.State;

    private string Key => this.GetPrimaryKeyString();

    private string ChannelName => Key[..Key.LastIndexOf('/')];

    private IAlertBookGrain Book => GrainFactory.GetGrain<IAlertBookGrain>(IAlertBookGrain.Key);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(() => FlushAsync(clock.GetUtcNow()), new GrainTimerCreationOptions(options.Value.FlushTick, options.Value.FlushTick));
        return Task.CompletedTask;
    }

    public async Task ReceiveAsync(ImmutableArray<GroupedAlert> taken)
    {
        var room = options.Value.MaxAlertsPerGroup - await alerts.CountAsync(Key);
        var kept = room >= taken.Length ? [.. taken] : await FittingAsync(taken, room);
        if (kept.Count < taken.Length) LogFull(Key, taken.Length - kept.Count, options.Value.MaxAlertsPerGroup);
        if (kept.Count > 0) await alerts.PutAsync(Key, kept);
        received++;
    }

    public Task WakeAsync() => Task.CompletedTask;

    public async Task FlushAsync(DateTimeOffset now)
    {
        try
        {
            if (lastTick is not { } last || now - last > Pause) watchingSince = now;
            lastTick = now;
            if (Current.Outgoing is not null) await SendOutgoingAsync(now);
            else if (emptyAt != received && !(now < nextFlush)) await DecideAsync(now);
        }
        catch (Exception e) when (RedisFault.Is(e) || e is ControlPlaneUnavailableException or OrleansException)
        {
            LogNotFlushed(Key, e.Message);
        }
    }

    /// <summary>Those that are known already, and as many new ones as there is room for.</summary>
    private async Task<List<GroupedAlert>> FittingAsync(ImmutableArray<GroupedAlert> taken, int room)
    {
        var fitting = new List<GroupedAlert>(taken.Length);
        foreach (var alert in taken)
        {
            if (await alerts.HasAsync(Key, alert.Fingerprint) || room-- > 0) fitting.Add(alert);
        }

        return fitting;
    }

    private async Task DecideAsync(DateTimeOffset now)
    {
        // An alert that comes while this is being read is seen at the next tick.
        var seen = received;
        var group = await alerts.ReadAsync(Key);
        if (group.IsEmpty)
        {
            (emptyAt, nextFlush) = (seen, null);
            return;
        }

        if (await Book.FindStoredChannelAsync(ChannelName) is not { } channel || LabelsOf(group[0], channel) is not { } labels)
        {
            // The channel is gone, or groups otherwise now: its alerts are in other groups.
            await alerts.ForgetAsync(Key, [.. group.Select(alert => alert.Fingerprint)], DateTimeOffset.MaxValue);
            return;
        }

        nextFlush ??= GroupFlush.FirstAt(group.Min(alert => alert.StartsAt), channel.Channel.GroupWait, now);
        if (now < nextFlush) return;
        var muting = await MutingAsync(now);
        // Only now: a flush that nobody could decide on is tried again at the next tick.
        nextFlush = now + channel.Channel.GroupInterval;
        await FlushAsync(channel.Channel, labels, [.. group.Select(alert => Watched(alert, now))], muting, now);
    }

    private async Task FlushAsync(
        Channel channel, ImmutableSortedDictionary<string, string> labels, ImmutableArray<GroupedAlert> group,
        Func<GroupedAlert, bool> muting, DateTimeOffset now)
    {
        var plan = GroupFlush.Plan(group, Current.Log, muting, channel.SendResolved, channel.RepeatInterval, now);
        if (plan.Reason.Notifies())
        {
            var sequence = Current.Sequence + 1;
            var payload = WebhookPayload.From(channel.Name, GroupKey.Format(channel.Name, labels), labels, plan, channel.MaxAlerts, options.Value.ExternalUrl, now);
            var outgoing = new OutgoingNotification($"{Key.Replace('/', '-')}-{sequence}", payload.ToJson(), plan.Entry!, plan.Done, now);
            // Written before it is sent: whoever goes on after a crash sends this very one, under the same key.
            await stored.WriteAsync(Current with { Outgoing = outgoing, Sequence = sequence }, DeactivateOnIdle);
            await SendOutgoingAsync(now);
            return;
        }

        if (plan.Entry is not null) await stored.WriteAsync(Current with { Log = plan.Entry }, DeactivateOnIdle);
        await alerts.ForgetAsync(Key, plan.Done, now);
    }

    private async Task<Func<GroupedAlert, bool>> MutingAsync(DateTimeOffset now)
    {
        var silences = (await Book.ListSilencesAsync()).Where(silence => silence.State(now) is SilenceState.Active).ToArray();
        var firing = (await board.ReadAsync()).Where(one => one.Alert.State is AlertState.Firing).Select(one => one.Alert.Labels).ToArray();
        return alert => alert.InhibitedBy is not null
            || silences.Any(silence => silence.Mutes(alert.Labels, now))
            || Inhibition.FindSource(alert.Labels, Inhibition.Default, firing) is not null;
    }

    /// <summary>An alert that nobody could send again while nobody listened has not ended by that.</summary>
    private GroupedAlert Watched(GroupedAlert alert, DateTimeOffset now)
    {
        var heardUntil = watchingSince + Grace;
        return !alert.HasEnded && alert.EndsAt <= now && now < heardUntil ? alert with { EndsAt = heardUntil } : alert;
    }

    /// <summary>The labels that the group stands for; null if the channel does not group so any more.</summary>
    private ImmutableSortedDictionary<string, string>? LabelsOf(GroupedAlert alert, StoredChannel channel)
    {
        var labels = GroupKey.Labels(alert.Labels, channel.Channel.GroupBy);
        return AlertGroupKey.Of(ChannelName, labels) == Key ? labels : null;
    }

    [LoggerMessage(LogLevel.Warning, "Group {Group} did not take {Count} alerts, since Alerts:MaxAlertsPerGroup is {Limit}.")]
    private partial void LogFull(string group, int count, int limit);

    [LoggerMessage(LogLevel.Warning, "Group {Group} was not looked at: {Reason}")]
    private partial void LogNotFlushed(string group, string reason);
}
