using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Platform.Contracts.Alerts;
using Platform.Core.Alerts.Routing;
using Platform.Core.Results;
using Platform.SharedState.Alerts;
using Platform.Silo.Alerts.Channels;
using Platform.Silo.Storage;

namespace Platform.Silo.Alerts;

/// <summary>The names of rules, and channels. Silences are in AlertBookGrain.Silences.cs.</summary>
internal sealed partial class AlertBookGrain(
    [PersistentState("alert-book")] IPersistentState<AlertBookState> stored, ChannelSeal seal, TargetGuard guard, IOptions<AlertOptions> options, TimeProvider clock)
    : Grain, IAlertBookGrain
{
    private AlertBookState Current => stored.State;

    public async Task<Outcome<string>> NoteRuleAsync(string rule)
    {
        if (Current.Rules.Contains(rule)) return rule;
        if (Current.Rules.Count >= options.Value.MaxRules)
            return new Refusal(RefusalReason.LimitReached, $"There are {Current.Rules.Count} rules, and Alerts:MaxRules allows no more.");
        await WriteAsync(Current with { Rules = Current.Rules.Add(rule) });
        return rule;
    }

    public Task ForgetRuleAsync(string rule) =>
        Current.Rules.Contains(rule) ? WriteAsync(Current with { Rules = Current.Rules.Remove(rule) }) : Task.CompletedTask;

    public Task<ImmutableArray<string>> ListRulesAsync() => Task.FromResult<ImmutableArray<string>>([.. Current.Rules]);

    public async Task<Outcome<ChannelView>> PutChannelAsync(Channel channel, ChannelSecrets secrets, long? expectedRevision)
    {
        var known = Current.Channels.GetValueOrDefault(channel.Name);
        if (Stale(channel.Name, known, expectedRevision) is { } stale) return stale;
        // A secret is never shown, so a change of anything else cannot send it back; leaving it out keeps it.
        var before = known is not null && known.Channel.Type == channel.Type ? seal.Open(channel.Name, known.SealedSecrets) : new(null, null, null);
        var next = new ChannelSecrets(secrets.Url ?? before.Url, secrets.Secret ?? before.Secret, secrets.Password ?? before.Password);
        if (channel.Refuse(next) is { } invalid) return invalid;
        if (known is null && Current.Channels.Count >= options.Value.MaxChannels)
            return new Refusal(RefusalReason.LimitReached, $"There are {Current.Channels.Count} channels, and Alerts:MaxChannels allows no more.");
        var host = channel.Email?.Host ?? new Uri(next.Url!).Host;
        if (await guard.RefuseAsync(host) is { } refused)
            return Refusal.Invalid(channel.Email is null ? "url" : "email.host", refused);
        var put = new StoredChannel(
            channel, seal.Seal(channel.Name, next), host, next.Secret is not null || next.Password is not null, clock.GetUtcNow(), Current.Revision + 1);
        await WriteAsync(Current with { Channels = Current.Channels.SetItem(channel.Name, put), Revision = Current.Revision + 1 });
        return put.ToView();
    }

    public Task<Outcome<ChannelView>> GetChannelAsync(string name) =>
        Task.FromResult<Outcome<ChannelView>>(Current.Channels.TryGetValue(name, out var channel) ? channel.ToView() : Unknown(name));

    public Task<ImmutableArray<ChannelView>> ListChannelsAsync() =>
        Task.FromResult<ImmutableArray<ChannelView>>([.. Current.Channels.Values.Select(channel => channel.ToView())]);

    public async Task<Outcome<ChannelView>> RemoveChannelAsync(string name, long? expectedRevision)
    {
        if (!Current.Channels.TryGetValue(name, out var known)) return Unknown(name);
        if (Stale(name, known, expectedRevision) is { } stale) return stale;
        await WriteAsync(Current with { Channels = Current.Channels.Remove(name), Revision = Current.Revision + 1 });
        return known.ToView();
    }

    public Task<StoredChannel?> FindStoredChannelAsync(string name) => Task.FromResult(Current.Channels.GetValueOrDefault(name));

    private Task WriteAsync(AlertBookState next) => stored.WriteAsync(next, DeactivateOnIdle);

    private static Refusal? Stale(string name, StoredChannel? known, long? expected) => expected is { } revision && revision != known?.Revision
        ? new Refusal(RefusalReason.PreconditionFailed, $"Channel {name} is at etag \"{known?.Revision ?? 0}\", not \"{revision}\". Read it again.")
        : null;

    private static Refusal Unknown(string name) => Refusal.NotFound($"There is no channel {name}.");
}
