using System.Collections.Immutable;
using Orleans.Concurrency;
using Platform.Core.Alerts.Routing;
using Platform.Core.Results;

namespace Platform.Contracts.Alerts;

/// <summary>Alerts that a channel is told of together. Key: the channel, "/" and the fingerprint of the group's labels.</summary>
[Alias("platform.alert-group")]
public interface IAlertGroupGrain : IGrainWithStringKey
{
    /// <summary>Takes alerts, new and known; they are kept when this returns.</summary>
    [AlwaysInterleave, Alias("receive")]
    Task ReceiveAsync(ImmutableArray<GroupedAlert> alerts);

    /// <summary>Tells the channel if it is time and there is something to tell; a timer does it otherwise.</summary>
    [Alias("flush")]
    Task FlushAsync(DateTimeOffset now);

    /// <summary>Sends a dead letter again, under the same idempotency key.</summary>
    [Alias("resend")]
    Task<Outcome<string>> ResendAsync(string id);

    [Alias("wake")]
    Task WakeAsync();
}

/// <summary>Which grain a group is.</summary>
public static class AlertGroupKey
{
    public static string Of(string channel, ImmutableSortedDictionary<string, string> groupLabels) =>
        $"{channel}/{Core.Alerts.Machine.AlertLabels.Fingerprint(groupLabels)}";
}
