using System.Collections.Immutable;
using CsCheck;
using Platform.Core.Serving;

namespace Platform.Core.Tests.Serving;

public sealed class PlacementTests
{
    private static readonly Gen<ImmutableArray<string>> GenWorkers =
        Gen.Int[0, 1_000].HashSet[1, 12].Select(ids => ids.Select(id => $"w{id}").ToImmutableArray());

    [Fact]
    public void Choose_WithoutReplicas_IsEveryWorker() =>
        Assert.Equal(["b", "a"], Placement.Choose("m", "1.0.0", replicas: null, ["b", "a"]));

    [Fact]
    public void Choose_TakesAsManyAsAskedForOrAllThereAre() => Gen.Select(GenWorkers, Gen.Int[1, 15]).Sample((workers, replicas) =>
    {
        var chosen = Placement.Choose("m", "1.0.0", replicas, workers);
        Assert.Equal(Math.Min(replicas, workers.Length), chosen.Distinct().Count());
        Assert.All(chosen, worker => Assert.Contains(worker, workers));
    });

    [Fact]
    public void Choose_InWhateverOrderWorkersAreSeen_IsTheSame() => Gen.Select(GenWorkers, Gen.Int[1, 5]).Sample((workers, replicas) =>
        Placement.Choose("m", "1.0.0", replicas, workers).SequenceEqual(Placement.Choose("m", "1.0.0", replicas, workers.Reverse())));

    [Fact]
    public void Choose_WhenAWorkerGoes_MovesOnlyItsShare() =>
        Gen.Select(GenWorkers, Gen.Int[1, 5], Gen.Int[0, 1_000]).Sample((workers, replicas, pick) =>
        {
            var gone = workers[pick % workers.Length];
            var before = Placement.Choose("m", "1.0.0", replicas, workers);
            var after = Placement.Choose("m", "1.0.0", replicas, workers.Remove(gone));

            // Seen the other way round, this is a worker that comes.
            Assert.Equal(before.Remove(gone), after.Where(before.Contains));
            Assert.True(after.Except(before).Count() <= (before.Contains(gone) ? 1 : 0));
        });

    [Fact]
    public void Choose_OverManyVersions_SpreadsThem()
    {
        string[] workers = ["a", "b", "c", "d"];
        var counts = Enumerable.Range(0, 4_000)
            .SelectMany(i => Placement.Choose("m", $"1.0.{i}", 1, workers))
            .CountBy(worker => worker)
            .ToDictionary();

        Assert.Equal(4, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 850, 1_150));
    }
}
