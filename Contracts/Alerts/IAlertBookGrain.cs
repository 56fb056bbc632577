using System.Collections.Immutable;
using Orleans.Concurrency;
using Platform.Core.Alerts.Routing;
using Platform.Core.Results;

namespace Platform.Contracts.Alerts;

/// <summary>A channel as it may be shown: without what is secret of it.</summary>
/// <param name="Target">The host it goes to.</param>
public sealed record ChannelView(Channel Channel, string Target, bool HasSecret, DateTimeOffset UpdatedAt, long Revision);

/// <summary>A channel as it is stored; only silos can open the seal.</summary>
public sealed record StoredChannel(Channel Channel, string SealedSecrets, string Target, bool HasSecret, DateTimeOffset UpdatedAt, long Revision)
{
    public ChannelView ToView() => new(Channel, Target, HasSecret, UpdatedAt, Revision);
}

/// <summary>Which rules there are, whom they tell, and what is silenced. There is one; key: <see cref="Key"/>.</summary>
[Alias("platform.alert-book")]
public interface IAlertBookGrain : IGrainWithStringKey
{
    const string Key = "alerts";

    /// <summary>Refused when there are as many as are allowed.</summary>
    [Alias("note-rule")]
    Task<Outcome<string>> NoteRuleAsync(string rule);

    [Alias("forget-rule")]
    Task ForgetRuleAsync(string rule);

    [ReadOnly, Alias("rules")]
    Task<ImmutableArray<string>> ListRulesAsync();

    /// <param name="secrets">Those left out stay as they are.</param>
    [Alias("put-channel")]
    Task<Outcome<ChannelView>> PutChannelAsync(Channel channel, ChannelSecrets secrets, long? expectedRevision);

    [ReadOnly, Alias("channel")]
    Task<Outcome<ChannelView>> GetChannelAsync(string name);

    [ReadOnly, Alias("channels")]
    Task<ImmutableArray<ChannelView>> ListChannelsAsync();

    [Alias("remove-channel")]
    Task<Outcome<ChannelView>> RemoveChannelAsync(string name, long? expectedRevision);

    [ReadOnly, Alias("stored-channel")]
    Task<StoredChannel?> FindStoredChannelAsync(string name);

    [Alias("add-silence")]
    Task<Outcome<Silence>> AddSilenceAsync(Silence silence);

    [ReadOnly, Alias("silence")]
    Task<Outcome<Silence>> GetSilenceAsync(string id);

    [ReadOnly, Alias("silences")]
    Task<ImmutableArray<Silence>> ListSilencesAsync();

    /// <summary>
    /// Changes one. Where that would change what it silenced before now, it ends instead and <paramref name="next"/> takes
    /// its place under an id of its own.
    /// </summary>
    [Alias("replace-silence")]
    Task<Outcome<Silence>> ReplaceSilenceAsync(string id, Silence next);

    /// <summary>Ends it now; it can still be read for a while.</summary>
    [Alias("expire-silence")]
    Task<Outcome<Silence>> ExpireSilenceAsync(string id);
}
