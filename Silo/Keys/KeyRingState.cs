using System.Collections.Immutable;
using Platform.Core.Access;

namespace Platform.Silo.Keys;

/// <summary>What is stored: every key by its id.</summary>
internal sealed record KeyRingState
{
    public int Schema { get; init; } = 1;

    /// <summary>Grows with every change of any key.</summary>
    public long Revision { get; init; }

    public ImmutableSortedDictionary<string, ApiKey> Keys { get; init; } = ImmutableSortedDictionary.Create<string, ApiKey>(StringComparer.Ordinal);

    public KeyRingState With(ApiKey key) => this with { Keys = Keys.SetItem(key.Id, key), Revision = Revision + 1 };

    /// <summary>Without the keys that ended before that time.</summary>
    public KeyRingState WithoutEndedBefore(DateTimeOffset time) =>
        this with { Keys = Keys.RemoveRange(Keys.Values.Where(key => (key.RevokedAt ?? key.ExpiresAt) < time).Select(key => key.Id)) };
}
