using System.Collections.Immutable;
using Platform.Core.Limits;

namespace Platform.Silo.Limits;

/// <summary>What is stored: every limit by its subject.</summary>
internal sealed record LimitsState
{
    public int Schema { get; init; } = 1;

    /// <summary>Grows with every change of any limit.</summary>
    public long Revision { get; init; }

    public ImmutableSortedDictionary<string, LimitPolicy> Limits { get; init; } =
        ImmutableSortedDictionary.Create<string, LimitPolicy>(StringComparer.Ordinal);
}
