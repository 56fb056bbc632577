using System.Collections.Immutable;
using System.IO.Hashing;
using System.Text;

namespace Platform.Core.Serving;

/// <summary>Which workers hold a version when it asks for fewer than all.</summary>
public static class Placement
{
    /// <summary>
    /// The <paramref name="replicas"/> workers with the highest hash of (worker, model, version): rendezvous hashing
    /// (Thaler and Ravishankar, 1998). Everyone who sees the same workers comes to the same answer, and a worker
    /// that comes or goes moves only its own share.
    /// </summary>
    public static ImmutableArray<string> Choose(string model, string version, int? replicas, IEnumerable<string> workers)
    {
        if (replicas is null) return [.. workers];
        return
        [
            .. workers
                .OrderByDescending(worker => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes($"{worker}\n{model}\n{version}")))
                .ThenBy(worker => worker, StringComparer.Ordinal)
                .Take(replicas.Value),
        ];
    }
}
