using System.Collections.Immutable;

namespace Platform.Core.Models;

/// <summary>A tag went to another version.</summary>
/// <param name="Version">Where it stands from then on; null when it was taken away.</param>
public sealed record TagMove(string Tag, string? Version, DateTimeOffset At, string By);

/// <summary>A model's tags over time, from their moves, oldest first.</summary>
public static class TagHistory
{
    /// <summary>Where each tag stood at that moment.</summary>
    public static ImmutableSortedDictionary<string, string> At(ImmutableArray<TagMove> moves, DateTimeOffset time)
    {
        var tags = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var move in moves.TakeWhile(move => move.At <= time))
        {
            if (move.Version is { } version) tags[move.Tag] = version;
            else tags.Remove(move.Tag);
        }

        return tags.ToImmutable();
    }
}
