using System.Collections.Immutable;

namespace Platform.Core.Models;

/// <summary>What somebody may have meant who mistyped a name.</summary>
public static class NearNames
{
    private const int MaxShown = 3;

    /// <summary>The nearest of the known names, at most a letter in three away; none if nothing is near.</summary>
    public static ImmutableArray<string> Of(string name, IEnumerable<string> known) =>
    [
        .. known.Distinct().Select(candidate => (Name: candidate, Distance: Distance(name, candidate)))
            .Where(candidate => candidate.Distance <= Math.Max(1, Math.Min(name.Length, candidate.Name.Length) / 3))
            .OrderBy(candidate => candidate.Distance).ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Take(MaxShown).Select(candidate => candidate.Name),
    ];

    /// <summary>Letters to insert, delete or replace (Levenshtein).</summary>
    public static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}
