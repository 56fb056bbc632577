using CsCheck;
using Platform.Core.Models;
using Platform.Core.Models.Search;
using Platform.Core.Results;

namespace Platform.Core.Tests.Models.Search;

public sealed class SearchQueryParserTests
{
    [Fact]
    public void Parse_OfEveryFilter_ReadsIt()
    {
        var query = Parse(
            "query=fast  digits", "label=team:vision", "label=a:b:c", "label=gpu", "owner=Ann", "stage=staged", "tag=production", "version=^1.2",
            "metric.accuracy>=0.97", "metric.loss<1e-3", "order_by=metric.accuracy desc", "page_size=5", "page_token=x").Value!;

        Assert.Equal(["fast", "digits"], query.Words);
        Assert.Equal([new("team", "vision"), new("a", "b:c"), new("gpu", null)], query.Labels);
        Assert.Equal(("Ann", VersionStage.Staged, "production", "^1.2"), (query.Owner, query.Stage, query.Tag, query.Version));
        Assert.Equal([new("accuracy", ComparisonOperator.AtLeast, 0.97), new("loss", ComparisonOperator.Below, 0.001)], query.Metrics);
        Assert.Equal(new(SearchKey.Metric, "accuracy", Descending: true), query.Order);
    }

    [Fact]
    public void Parse_OfNothing_ListsAllByName() => Assert.Equal(SearchOrder.Default, Parse().Value!.Order);

    [Theory]
    [InlineData("metric.accuracy>0.97", "accuracy", ComparisonOperator.Above, 0.97), InlineData("metric.accuracy>=0.97", "accuracy", ComparisonOperator.AtLeast, 0.97)]
    [InlineData("metric.accuracy<0.97", "accuracy", ComparisonOperator.Below, 0.97), InlineData("metric.accuracy<=0.97", "accuracy", ComparisonOperator.AtMost, 0.97)]
    [InlineData("metric.accuracy=0.97", "accuracy", ComparisonOperator.Equal, 0.97), InlineData("metric.top.5>=-1.5e2", "top.5", ComparisonOperator.AtLeast, -150)]
    public void Parse_OfAMetricRange_ReadsItAsTheFrameworkSplitsIt(string text, string metric, ComparisonOperator op, double value) =>
        Assert.Equal([new(metric, op, value)], Parse(text).Value!.Metrics);

    [Theory]
    [InlineData("metric.accuracy", "metric.accuracy"), InlineData("metric.accuracy>=high", "metric.accuracy"), InlineData("metric.>=1", "metric.")]
    [InlineData("metric.accuracy>", "metric.accuracy"), InlineData("metric.a>>1", "metric.a"), InlineData("metric.a=>1", "metric.a"), InlineData("metric.a==1", "metric.a")]
    [InlineData("metric.a>=NaN", "metric.a"), InlineData("metric.a<=1e999", "metric.a"), InlineData("stage=done", "stage"), InlineData("stage=4", "stage")]
    [InlineData("tag=Prod", "tag"), InlineData("tag=", "tag"), InlineData("owner=", "owner"), InlineData("label=", "label"), InlineData("label=:x", "label")]
    [InlineData("version=latest", "version"), InlineData("order_by=size", "order_by"), InlineData("order_by=", "order_by"), InlineData("order_by=metric.", "order_by")]
    [InlineData("metric.a!=1", "metric.a!"), InlineData("metric.a b>1", "metric.a b"), InlineData("order_by=metric.a up", "order_by"), InlineData("order_by=metric.a!", "order_by")]
    [InlineData("order_by=name asc", "order_by"), InlineData("order_by=name  desc", "order_by"), InlineData("labels=a:b", "labels"), InlineData("Stage=staged", "Stage")]
    public void Parse_OfAFault_NamesTheField(string text, string field)
    {
        var refusal = Parse(text).Refusal;

        Assert.Equal((RefusalReason.Invalid, field), (refusal?.Reason, refusal?.Field));
    }

    [Theory]
    [InlineData("stage=staged"), InlineData("tag=a"), InlineData("owner=a"), InlineData("query=a"), InlineData("version=1.x"), InlineData("order_by=name")]
    public void Parse_OfAFilterGivenTwice_IsRefused(string text) => Assert.Equal(text.Split('=')[0], Parse(text, text).Refusal?.Field);

    [Fact]
    public void Parse_AtEachLimit_PassesAndBeyondItIsRefused()
    {
        string[] labels = [.. Enumerable.Range(0, SearchQueryParser.MaxConditions).Select(i => $"label=l{i}")];
        string[] metrics = [.. Enumerable.Range(0, SearchQueryParser.MaxConditions).Select(i => $"metric.m{i}>1")];
        var words = string.Join(' ', Enumerable.Repeat("w", SearchQueryParser.MaxWords));
        var owner = new string('o', SearchQueryParser.MaxTextLength);

        Assert.Null(Parse([.. labels, .. metrics, $"query={words}", $"owner={owner}"]).Refusal);
        Assert.Equal("label", Parse([.. labels, "label=x"]).Refusal?.Field);
        Assert.Equal("metric", Parse([.. metrics, "metric.x>1"]).Refusal?.Field);
        Assert.Equal("query", Parse($"query={words} w").Refusal?.Field);
        Assert.Equal("owner", Parse($"owner={owner}o").Refusal?.Field);
    }

    [Theory]
    [InlineData("order_by=version"), InlineData("order_by=metric.accuracy")]
    public void Parse_ForModels_RefusesTheOrdersOfVersions(string text)
    {
        Assert.Equal("order_by", Parse(SearchTarget.Models, text).Refusal?.Field);
        Assert.Null(Parse(SearchTarget.Versions, text).Refusal);
    }

    [Theory]
    [InlineData("order_by=created"), InlineData("order_by=updated desc"), InlineData("order_by=name"), InlineData("stage=deployed"), InlineData("metric.accuracy>=0.9")]
    public void Parse_ForModels_TakesTheirOrdersAndTheFiltersOfTheirVersions(string text) => Assert.Null(Parse(SearchTarget.Models, text).Refusal);

    [Theory]
    [InlineData("name"), InlineData("version desc"), InlineData("created"), InlineData("updated desc"), InlineData("metric.a-b desc"), InlineData("metric.x")]
    public void Order_WrittenAndRead_IsTheSame(string text) => Assert.Equal(text, SearchOrder.TryParse(text)!.ToString());

    [Fact]
    public void Parse_OfAnyText_NeverThrows() => Gen.Select(
            Gen.OneOf("query", "label", "owner", "stage", "tag", "version", "order_by", "metric.a", "metric.a>", "metric."),
            Gen.String[Gen.Char["az<>=.:0- \u00e4%@^|"], 0, 12])
        .Array[0, 4]
        .Sample(pairs => SearchQueryParser.Parse(pairs.Select(pair => KeyValuePair.Create(pair.Item1, (string?)pair.Item2)), SearchTarget.Versions) is not null);

    private static Outcome<SearchQuery> Parse(params string[] parameters) => Parse(SearchTarget.Versions, parameters);

    /// <summary>Splits as ASP.NET Core does: at the first '=', with no value without one.</summary>
    private static Outcome<SearchQuery> Parse(SearchTarget target, params string[] parameters) => SearchQueryParser.Parse(
        parameters.Select(text => text.Split('=', 2)).Select(parts => KeyValuePair.Create(parts[0], parts.ElementAtOrDefault(1))), target);
}
