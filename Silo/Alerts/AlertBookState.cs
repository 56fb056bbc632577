using System.Collections.Immutable;
using Platform.Contracts.Alerts;
using Platform.Core.Alerts.Routing;

namespace Platform.Silo.Alerts;

/// <summary>What is stored: the names of rules, channels with their secrets sealed, silences.</summary>
internal sealed record AlertBookState
{
    public int Schema { get; init; } = 1;

    /// <summary>Grows with every change of a channel.</summary>
    public long Revision { get; init; }

    public ImmutableSortedSet<string> Rules { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, StoredChannel> Channels { get; init; } =
        ImmutableSortedDictionary.Create<string, StoredChannel>(StringComparer.Ordinal);

    public ImmutableArray<Silence> Silences { get; init; } = [];
}
