using System.Collections.Immutable;

namespace Platform.Core.Audit;

/// <summary>
/// What a complete chunk of the log holds, so that a search need not read those that cannot match. A set that grew past
/// <see cref="MaxNames"/> is null: anything may be in the chunk.
/// </summary>
/// <param name="Resources">By their first two parts, such as <c>models/digits</c>.</param>
public sealed record AuditSummary(
    DateTimeOffset FirstAt,
    DateTimeOffset LastAt,
    ImmutableSortedSet<string>? Actors,
    ImmutableSortedSet<string>? Actions,
    ImmutableSortedSet<string>? Resources)
{
    public const int MaxNames = 128;

    /// <param name="entries">At least one; null stands for one that cannot be read, which may be anything.</param>
    public static AuditSummary Of(IReadOnlyCollection<AuditEntry?> entries)
    {
        var known = entries.OfType<AuditEntry>().ToArray();
        var isWhole = known.Length == entries.Count;
        return new(
            isWhole ? known[0].At : DateTimeOffset.MinValue,
            isWhole ? known[^1].At : DateTimeOffset.MaxValue,
            isWhole ? Names(known.Select(entry => entry.Actor)) : null,
            isWhole ? Names(known.Select(entry => entry.Action)) : null,
            isWhole ? Names(known.Select(entry => entry.Resource).OfType<string>().Select(Top)) : null);
    }

    /// <summary>The part of a resource's name by which chunks are summed up.</summary>
    public static string Top(string resource)
    {
        var first = resource.IndexOf('/', StringComparison.Ordinal);
        var second = first < 0 ? -1 : resource.IndexOf('/', first + 1);
        return second < 0 ? resource : resource[..second];
    }

    private static ImmutableSortedSet<string>? Names(IEnumerable<string> names)
    {
        var set = names.ToImmutableSortedSet(StringComparer.Ordinal);
        return set.Count <= MaxNames ? set : null;
    }
}
