using Microsoft.Extensions.Time.Testing;
using Platform.Core.Drift;
using Platform.SharedState.Drift;
using Platform.Tests;

namespace Platform.SharedState.Tests.Drift;

public sealed class DriftStoreTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static readonly FeatureInfo[] Features = [new("x", FeatureKind.Number, false), new("y.class", FeatureKind.Class, true)];
    private readonly string model = $"m-{Guid.NewGuid():n}";
    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task Reference_IsTheFirstThatWasProposed()
    {
        var store = Store();
        var (first, second) = (Baseline(100).Reference, Baseline(100).Reference);

        Assert.Equal(first.Id, (await store.ProposeAsync(model, "1.0.0", first)).Id);
        Assert.Equal(first.Id, (await store.ProposeAsync(model, "1.0.0", second)).Id);

        var found = await store.FindAsync(model, "1.0.0");
        Assert.Equal(first.Features[0].Edges, found!.Features[0].Edges);
        Assert.Null(await store.FindAsync(model, "2.0.0"));
    }

    [Fact]
    public async Task Reference_IsFilledByAllUntilItIsComplete()
    {
        var store = Store();
        var part = Baseline(60);
        var reference = await store.ProposeAsync(model, "1.0.0", part.Reference with { Target = 100 });

        Assert.Equal(DriftVerdict.NoReferenceYet, (await Reader(store).ReadAsync(model, "1.0.0", TimeSpan.FromHours(1))).Verdict);
        Assert.True(await store.TryFillAsync(reference, part.Counts));
        Assert.Equal((60, DriftVerdict.NoReferenceYet), await StandingAsync(store));
        Assert.True(await store.TryFillAsync(reference, part.Counts));
        Assert.False(await store.TryFillAsync(reference, part.Counts));

        Assert.Equal((120, DriftVerdict.NoData), await StandingAsync(store));
    }

    [Fact]
    public async Task Counts_OfManyWorkers_AddUpInTheWindow_AndLeaveIt()
    {
        var store = Store();
        var baseline = Baseline(500);
        await store.ReplaceAsync(model, "1.0.0", baseline);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => store.AddAsync(baseline.Reference, baseline.Counts)));

        Assert.Equal((500, DriftVerdict.NoDrift), await StandingAsync(store));
        var counts = await store.ReadAsync(baseline.Reference, TimeSpan.FromHours(1));
        Assert.Equal(2000, counts.Items);
        Assert.Equal(baseline.Counts.Bins[0].Select(count => count * 4), counts.Bins[0]);
        Assert.Equal(2000, (await store.ReadAsync(baseline.Reference, TimeSpan.FromHours(48))).Items);

        clock.Advance(TimeSpan.FromMinutes(90));
        Assert.Equal(0, (await store.ReadAsync(baseline.Reference, TimeSpan.FromHours(1))).Items);
    }

    [Fact]
    public async Task Window_ThatDiffers_IsDrift()
    {
        var store = Store();
        var baseline = Baseline(500);
        await store.ReplaceAsync(model, "1.0.0", baseline);
        // All of it above the reference's largest value.
        var shifted = Count(baseline.Reference, Rows(300).Select(row => new[] { row[0] + 1000, row[1] }));

        await store.AddAsync(baseline.Reference, shifted);

        var standing = await Reader(store).ReadAsync(model, "1.0.0", TimeSpan.FromHours(1));
        Assert.Equal(DriftVerdict.Drift, standing.Verdict);
        Assert.Equal([DriftVerdict.Drift, DriftVerdict.NoDrift], standing.Report!.Features.Select(feature => feature.Verdict));
        Assert.True(standing.Report.Score > 1);
    }

    [Fact]
    public async Task Dataset_TakesThePlaceOfFirstRequests_WithNoneOfTheirCounts()
    {
        var store = Store();
        var (first, dataset) = (Baseline(200), Baseline(300));
        await store.ProposeAsync(model, "1.0.0", first.Reference);
        await store.TryFillAsync(first.Reference, first.Counts);
        await store.AddAsync(first.Reference, first.Counts);

        await store.ReplaceAsync(model, "1.0.0", dataset);

        Assert.Equal((300, DriftVerdict.NoData), await StandingAsync(store));
    }

    [Fact]
    public async Task Reference_OfAVersionThatIsGone_IsGoneWithItsCounts()
    {
        var store = Store();
        var (gone, other) = (Baseline(300), Baseline(300));
        await store.ReplaceAsync(model, "1.0.0", gone);
        await store.ReplaceAsync(model, "2.0.0", other);

        await store.RemoveAsync(model, "1.0.0");
        await store.RemoveAsync(model, "3.0.0");

        Assert.Null(await store.FindAsync(model, "1.0.0"));
        Assert.Equal((0L, 300L), ((await store.ReadReferenceAsync(gone.Reference)).Items, (await store.ReadReferenceAsync(other.Reference)).Items));
        Assert.NotNull(await store.FindAsync(model, "2.0.0"));
    }

    private DriftStore Store() => new(redis.Connection, SealedStores.TestSeal, clock);

    private static DriftReader Reader(DriftStore store) => new(store);

    private async Task<(long, DriftVerdict)> StandingAsync(DriftStore store)
    {
        var standing = await Reader(store).ReadAsync(model, "1.0.0", TimeSpan.FromHours(1));
        return (standing.ReferenceItems, standing.Verdict);
    }

    private DriftBaseline Baseline(int items) =>
        DriftBaseline.Of(Guid.NewGuid().ToString("n"), DriftReference.FromDataset, clock.GetUtcNow(), Features, [.. Rows(items)]);

    private static IEnumerable<float[]> Rows(int items) => Enumerable.Range(0, items).Select(i => new[] { i * 7 % 101, (float)(i % 10) });

    private static DriftCounts Count(DriftReference reference, IEnumerable<float[]> rows)
    {
        var bins = reference.Features.Select(feature => new long[feature.Count]).ToArray();
        var items = 0;
        foreach (var row in rows)
        {
            items++;
            for (var i = 0; i < bins.Length; i++) bins[i][reference.Features[i].BinOf(row[i])]++;
        }

        return new(items, [.. bins.Select(of => System.Collections.Immutable.ImmutableArray.Create(of))]);
    }
}
