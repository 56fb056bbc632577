using System.Collections.Immutable;

namespace Platform.Core.Resilience;

/// <summary>How one worker did with one version since it was last looked at.</summary>
/// <param name="MeanMs">Mean time to an answer.</param>
/// <param name="Failures">Of the requests, those that failed on the worker's side.</param>
/// <param name="IsEjected">Whether it is passed over at present.</param>
public readonly record struct WorkerScore(string Worker, int Requests, double MeanMs, int Failures, bool IsEjected);

/// <summary>Which workers are so much worse than their peers that requests should pass them by for a while.</summary>
public static class OutlierRules
{
    /// <summary>Fewer requests than that say nothing of a worker.</summary>
    public const int MinRequests = 20;

    /// <summary>So many times slower than the median of its peers …</summary>
    public const double SlowFactor = 3;

    /// <summary>… and by so much, since among microseconds a factor is soon there.</summary>
    public const double SlowMs = 20;

    /// <summary>A worker with this share of failures goes, if its peers have less than half of it.</summary>
    public const double FailureShare = 0.5;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);

    /// <summary>Who goes, the worst first. At most half of the workers are out at a time: the rest must carry the load.</summary>
    public static ImmutableArray<string> Choose(IReadOnlyCollection<WorkerScore> scores)
    {
        var allowed = scores.Count / 2 - scores.Count(score => score.IsEjected);
        if (allowed <= 0) return [];
        return
        [
            .. scores.Where(score => !score.IsEjected && IsOutlier(score, scores))
                .OrderByDescending(score => (double)score.Failures / score.Requests).ThenByDescending(score => score.MeanMs)
                .Take(allowed).Select(score => score.Worker),
        ];
    }

    /// <summary>5 s, 10 s, 20 s … five minutes.</summary>
    public static TimeSpan EjectFor(int ejections) =>
        TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, First.TotalSeconds * Math.Pow(2, Math.Min(ejections, 20) - 1)));

    private static bool IsOutlier(WorkerScore score, IReadOnlyCollection<WorkerScore> all)
    {
        if (score.Requests < MinRequests) return false;
        var peers = all.Where(peer => peer.Worker != score.Worker && !peer.IsEjected && peer.Requests >= MinRequests).ToArray();
        if (peers.Length == 0) return false;
        var median = peers.Select(peer => peer.MeanMs).Order().ElementAt(peers.Length / 2);
        if (score.MeanMs > median * SlowFactor && score.MeanMs > median + SlowMs) return true;
        return score.Failures >= FailureShare * score.Requests
            && peers.Sum(peer => peer.Failures) < FailureShare / 2 * peers.Sum(peer => peer.Requests);
    }
}
