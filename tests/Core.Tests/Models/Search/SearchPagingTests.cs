using System.Collections.Immutable;
using System.Text.Json;
using CsCheck;
using Platform.Core.Models;
using Platform.Core.Models.Search;
using static Platform.Core.Tests.Models.Samples;

namespace Platform.Core.Tests.Models.Search;

public sealed class SearchPagingTests
{
    private static readonly Gen<SearchOrder> GenOrder =
        Gen.Select(Gen.Enum<SearchKey>(), Gen.Bool, (key, descending) => new SearchOrder(key, key is SearchKey.Metric ? "m" : null, descending));

    /// <summary>Versions of few models, numbers, times and metrics, so that many are equal in any one order.</summary>
    private static readonly Gen<VersionSummary> GenSummary = Gen.Select(
        Gen.OneOf("a", "b"), GenVersion, Gen.Int[0, 3], Gen.Double[0, 1].Select(value => Math.Round(value, 1)).Nullable(), Gen.Bool,
        (model, version, minute, metric, staged) => Summary(version, model, minute) with
        {
            Metrics = metric is { } value ? Metrics(("m", value)) : Metrics(),
            Stage = staged ? VersionStage.Staged : VersionStage.Created,
        });

    private static readonly Gen<VersionSummary[]> GenSummaries = GenSummary.Array[0, 40].Select(drawn => drawn.DistinctBy(Identity).ToArray());

    [Fact]
    public void Versions_OverAllPages_GivesWhatWasThereThroughoutExactlyOnceInOrder() =>
        Gen.Select(GenSummaries, Gen.Int[0, 2].Array[40], GenOrder, Gen.Int[1, 7], Gen.Bool).Sample(
            (all, fates, order, pageSize, onlyStaged) =>
            {
                var query = new SearchQuery { Order = order, Stage = onlyStaged ? VersionStage.Staged : null };
                // Fate 0 stays throughout, 1 goes after the first page, 2 comes after it.
                var throughout = all.Where((_, i) => fates[i] == 0).ToArray();
                var now = Index(all.Where((_, i) => fates[i] != 2));
                var later = Index(all.Where((_, i) => fates[i] != 1));

                var (seen, token) = (new List<VersionSummary>(), (string?)null);
                do
                {
                    var page = RegistrySearch.Versions(now, query, pageSize, token).Value!;
                    Assert.InRange(page.Items.Length, page.NextPageToken is null ? 0 : pageSize, pageSize);
                    seen.AddRange(page.Items);
                    Assert.True(seen.Count <= all.Length, "A page repeats what an earlier one gave.");
                    (now, token) = (later, page.NextPageToken);
                }
                while (token is not null);

                Assert.Equal(seen.Select(Identity).Distinct().Count(), seen.Count);
                Assert.All(seen, item => Assert.True(!onlyStaged || item.Stage is VersionStage.Staged));
                var expected = throughout.Where(item => !onlyStaged || item.Stage is VersionStage.Staged).Select(Identity).ToHashSet();
                Assert.Subset(seen.Select(Identity).ToHashSet(), expected);
                Assert.Equal(Sorted(seen, order), seen);
            },
            iter: 2_000);

    [Fact]
    public void Versions_InWhateverOrderTheyAreHeld_AreTheSamePage() => Gen.Select(GenSummaries, GenOrder, Gen.Int[1, 10]).Sample((all, order, pageSize) =>
    {
        var query = new SearchQuery { Order = order };
        var page = RegistrySearch.Versions(Index(all), query, pageSize, null).Value!;
        var other = RegistrySearch.Versions(Index(all).Reverse(), query, pageSize, null).Value!;

        Assert.Equal(Sorted(all, order).Take(pageSize), page.Items);
        Assert.Equal(page.Items, other.Items);
        Assert.Equal(page.NextPageToken, other.NextPageToken);
        Assert.Equal(all.Length > pageSize, page.NextPageToken is not null);
    });

    [Fact]
    public void Models_OverAllPages_AreEachThereOnce()
    {
        var models = Enumerable.Range(0, 25)
            .Select(i => new IndexedModel(new ModelSummary($"m{i % 5}{i}", Samples.ModelMetadata, null, Start.AddMinutes(i % 3), Start), []))
            .ToArray();
        var query = new SearchQuery { Order = new(SearchKey.Created, Descending: true) };

        var (seen, token) = (new List<ModelSummary>(), (string?)null);
        do
        {
            var page = RegistrySearch.Models(models, query, 4, token).Value!;
            seen.AddRange(page.Items);
            Assert.True(seen.Count <= models.Length, "A page repeats what an earlier one gave.");
            token = page.NextPageToken;
        }
        while (token is not null);

        var expected = models.Select(model => model.Summary).OrderByDescending(model => model.CreatedAt).ThenBy(model => model.Name, StringComparer.Ordinal);
        Assert.Equal(expected, seen);
    }

    [Theory]
    [InlineData(""), InlineData("x"), InlineData("null"), InlineData("[]"), InlineData("{}"), InlineData("{\"order\":\"name\"}"), InlineData("{\"order\":\"name\",\"model\":null}")]
    [InlineData("{\"order\":\"created\",\"ticks\":1,\"model\":\"a\",\"version\":\"1.0.0\"}"), InlineData("{\"order\":\"name\",\"ticks\":1,\"model\":\"a\",\"version\":\"1\"}")]
    public void Versions_WithATokenThatIsNotOfThisList_AreRefused(string token) =>
        Assert.Equal("page_token", RegistrySearch.Versions([], new SearchQuery(), 10, token).Refusal?.Field);

    [Fact]
    public void Versions_WithTheTokenOfAnotherOrder_AreRefused()
    {
        var all = Index([Summary("1.0.0"), Summary("2.0.0")]);
        var token = RegistrySearch.Versions(all, new SearchQuery { Order = new(SearchKey.Created) }, 1, null).Value!.NextPageToken;

        Assert.Null(RegistrySearch.Versions(all, new SearchQuery { Order = new(SearchKey.Created) }, 1, token).Refusal);
        Assert.NotNull(RegistrySearch.Versions(all, new SearchQuery { Order = new(SearchKey.Created, Descending: true) }, 1, token).Refusal);
    }

    [Fact]
    public void Versions_AmongTenThousand_AllocateForThePageOnly()
    {
        var all = Index(Enumerable.Range(0, 10_000).Select(i => Summary($"1.{i % 100}.{i / 1_000}", $"m{i % 1_000}", i) with
        {
            Metrics = Metrics(("accuracy", i % 977 / 977.0)), Description = "A model among many.", Labels = Labels(("team", $"t{i % 7}")),
        }));
        var query = new SearchQuery
        {
            Words = ["model", "MANY"], Labels = [new("team", "t3")], Metrics = [new("accuracy", ComparisonOperator.AtLeast, 0.1)], Version = "^1.2",
            Order = new(SearchKey.Metric, "accuracy", Descending: true),
        };
        var token = RegistrySearch.Versions(all, query, 50, null).Value!.NextPageToken;

        var before = GC.GetAllocatedBytesForCurrentThread();
        var page = RegistrySearch.Versions(all, query, 50, token).Value!;
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(50, page.Items.Length);
        Assert.InRange(allocated, 0, 64 * 1024);
    }

    [Fact]
    public void Json_OfAQueryAndASummary_ReadsBackTheSame()
    {
        var query = new SearchQuery { Words = ["a"], Labels = [new("k", null)], Metrics = [new("m", ComparisonOperator.AtMost, 1)], Order = new(SearchKey.Metric, "m", true) };
        var summary = Summary("1.0.0-rc.1") with { Tags = ["a"], Labels = Labels(("k", "v")), Metrics = Metrics(("m", 0.1)) };

        Assert.Equal(Json(query), Json(JsonSerializer.Deserialize<SearchQuery>(Json(query), PlatformJson.Options)));
        Assert.Equal(Json(summary), Json(JsonSerializer.Deserialize<VersionSummary>(Json(summary), PlatformJson.Options)));
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, PlatformJson.Options);

    private static ImmutableArray<IndexedVersion> Index(IEnumerable<VersionSummary> versions) => [.. versions.Select(version => new IndexedVersion(version))];

    /// <summary>Build metadata does not tell versions apart.</summary>
    private static string Identity(VersionSummary version) => $"{version.Model}@{VersionNumber.Canonical(version.Version)}";

    /// <summary>The same order, said another way.</summary>
    private static IEnumerable<VersionSummary> Sorted(IEnumerable<VersionSummary> versions, SearchOrder order)
    {
        Comparison<VersionSummary> byKey = order.Key switch
        {
            SearchKey.Name => (x, y) => string.CompareOrdinal(x.Model, y.Model),
            SearchKey.Version => (x, y) => VersionNumber.Compare(x.Version, y.Version),
            SearchKey.Created => (x, y) => x.CreatedAt.CompareTo(y.CreatedAt),
            SearchKey.Updated => (x, y) => x.UpdatedAt.CompareTo(y.UpdatedAt),
            _ => (x, y) => x.Metrics.GetValueOrDefault("m").CompareTo(y.Metrics.GetValueOrDefault("m")),
        };
        return versions
            .OrderBy(version => order.Key is SearchKey.Metric && !version.Metrics.ContainsKey("m"))
            .ThenBy(version => version, Comparer<VersionSummary>.Create((x, y) => order.Descending ? byKey(y, x) : byKey(x, y)))
            .ThenBy(version => version.Model, StringComparer.Ordinal)
            .ThenBy(version => version.Version, Comparer<string>.Create(VersionNumber.Compare));
    }
}
