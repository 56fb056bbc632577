using System.Collections.Immutable;
using Platform.Core.Resilience;
using Platform.Core.Routing;
using Platform.Core.Serving;

namespace Platform.Api.Workers;

/// <summary>The workers of one version, and whether it is asked at all.</summary>
internal sealed class VersionTarget(string model, PlacedVersion version, Func<WorkerLease, KnownWorker> known, TimeProvider clock)
{
    private const int OnStack = 64;
    private readonly Lock gate = new();
    private readonly HedgeBudget hedges = new(share: 0.1);
    private ImmutableArray<WorkerLease> builtFrom;
    private Candidate[] candidates = [];

    public string Model => model;

    public PlacedVersion Version => version;

    /// <summary>Opens when the version keeps failing, whichever worker runs it.</summary>
    public Guard Guard { get; } = new(BreakerPolicy.Version, clock);

    /// <summary>When it was last asked.</summary>
    public long LastUse { get; private set; } = clock.GetTimestamp();

    /// <summary>A worker other than those tried, or null: of two at random the less busy one. Those that are not to be
    /// trusted just now are asked only when there is no other.</summary>
    public Pick? TryPick(ImmutableArray<WorkerLease> workers, ImmutableArray<string> tried)
    {
        LastUse = clock.GetTimestamp();
        var all = CandidatesOf(workers);
        var usable = all.Length <= OnStack ? stackalloc int[all.Length] : new int[all.Length];
        var count = Gather(all, tried, usable, trustedOnly: true);
        if (count == 0) count = Gather(all, tried, usable, trustedOnly: false);
        if (count == 0) return null;
        var outstanding = count <= OnStack ? stackalloc int[count] : new int[count];
        for (var i = 0; i < count; i++) outstanding[i] = all[usable[i]].Worker.Outstanding;
        var chosen = TwoChoices.Pick(outstanding, Random.Shared.NextDouble(), Random.Shared.NextDouble());
        return new Pick(all[usable[chosen]], clock);
    }

    public void EarnHedge()
    {
        lock (gate) hedges.Earn();
    }

    public bool TrySpendHedge()
    {
        lock (gate) return hedges.TrySpend();
    }

    /// <summary>Looks at how the workers did, and gives those that are to be passed by from now on.</summary>
    public IReadOnlyList<(string Worker, TimeSpan Time)> EjectOutliers()
    {
        var all = Volatile.Read(ref candidates);
        if (all.Length < 2) return [];
        var outliers = OutlierRules.Choose([.. all.Select(candidate => candidate.Score())]);
        List<(string Worker, TimeSpan Time)> ejected = [];
        foreach (var candidate in all)
        {
            if (outliers.Contains(candidate.Worker.Id)) ejected.Add((candidate.Worker.Id, candidate.Eject()));
            else candidate.Pass();
        }

        return ejected;
    }

    private static int Gather(Candidate[] all, ImmutableArray<string> tried, Span<int> usable, bool trustedOnly)
    {
        var count = 0;
        for (var i = 0; i < all.Length; i++)
        {
            if (!tried.IsEmpty && tried.Contains(all[i].Worker.Id)) continue;
            if (!trustedOnly || all[i].IsTrusted) usable[count++] = i;
        }

        return count;
    }

    /// <summary>Made anew only when the list of workers is a new one, which is each second at most.</summary>
    private Candidate[] CandidatesOf(ImmutableArray<WorkerLease> workers)
    {
        lock (gate)
        {
            if (builtFrom == workers) return candidates;
            var former = candidates.ToDictionary(candidate => candidate.Worker.Id);
            candidates =
            [
                .. workers.Where(worker => worker.IsReady(model, version.Version, version.Artifact.Sha256))
                    .Select(worker => former.GetValueOrDefault(worker.Id) ?? new Candidate(known(worker), clock)),
            ];
            builtFrom = workers;
            return candidates;
        }
    }
}
