using Platform.Core.Models;
using Platform.Core.Models.Search;
using static Platform.Core.Tests.Models.Samples;

namespace Platform.Core.Tests.Models.Search;

public sealed class RegistrySearchTests
{
    private static readonly IndexedVersion[] Versions =
    [
        new(Summary("1.0.0", "digits", 3) with
        {
            Owner = "Ann", Description = "Softmax REGRESSION", Metrics = Metrics(("accuracy", 0.92)), Labels = Labels(("team", "vision")), UpdatedAt = Start.AddHours(9),
        }),
        new(Summary("1.10.0", "digits", 1) with
        {
            Owner = "Ann", Framework = "numpy", Metrics = Metrics(("accuracy", 0.98), ("f1", 0.97)), Stage = VersionStage.Deployed, Tags = ["production", "blue"],
        }),
        new(Summary("1.9.0-rc.1+b", "digits", 2) with { Owner = "Ann", Dataset = "mnist", Metrics = Metrics(("accuracy", 0.97)), Stage = VersionStage.Deployed }),
        new(Summary("1.0.0", "ocr", 0) with { Owner = "bob", Commit = "c0ffee", DerivedBy = "int8 quantisation", Labels = Labels(("team", "text"), ("gpu", "")) }),
    ];

    [Theory]
    [InlineData("", "digits@1.0.0 digits@1.9.0-rc.1+b digits@1.10.0 ocr@1.0.0")]
    [InlineData("order_by=name desc", "ocr@1.0.0 digits@1.0.0 digits@1.9.0-rc.1+b digits@1.10.0")]
    [InlineData("order_by=version", "digits@1.0.0 ocr@1.0.0 digits@1.9.0-rc.1+b digits@1.10.0")]
    [InlineData("order_by=version desc", "digits@1.10.0 digits@1.9.0-rc.1+b digits@1.0.0 ocr@1.0.0")]
    [InlineData("order_by=created", "ocr@1.0.0 digits@1.10.0 digits@1.9.0-rc.1+b digits@1.0.0")]
    [InlineData("order_by=created desc", "digits@1.0.0 digits@1.9.0-rc.1+b digits@1.10.0 ocr@1.0.0")]
    [InlineData("order_by=updated desc", "digits@1.0.0 digits@1.9.0-rc.1+b digits@1.10.0 ocr@1.0.0")]
    [InlineData("order_by=metric.accuracy", "digits@1.0.0 digits@1.9.0-rc.1+b digits@1.10.0 ocr@1.0.0")]
    [InlineData("order_by=metric.accuracy desc", "digits@1.10.0 digits@1.9.0-rc.1+b digits@1.0.0 ocr@1.0.0")]
    [InlineData("query=ANN", "digits@1.0.0 digits@1.9.0-rc.1+b digits@1.10.0"), InlineData("query=regression softmax", "digits@1.0.0")]
    [InlineData("query=digits numpy", "digits@1.10.0"), InlineData("query=numpy mnist", ""), InlineData("query=mnist", "digits@1.9.0-rc.1+b")]
    [InlineData("query=C0FF", "ocr@1.0.0"), InlineData("query=quantisation", "ocr@1.0.0"), InlineData("query=rc.1", "digits@1.9.0-rc.1+b")]
    [InlineData("owner=ANN", "digits@1.0.0 digits@1.9.0-rc.1+b digits@1.10.0"), InlineData("owner=an", "")]
    [InlineData("label=team:vision", "digits@1.0.0"), InlineData("label=team", "digits@1.0.0 ocr@1.0.0"), InlineData("label=team:text&label=gpu", "ocr@1.0.0")]
    [InlineData("label=gpu:", "ocr@1.0.0"), InlineData("label=team:Vision", ""), InlineData("label=other", "")]
    [InlineData("stage=deployed", "digits@1.9.0-rc.1+b digits@1.10.0"), InlineData("stage=deployed&tag=blue", "digits@1.10.0"), InlineData("tag=blu", "")]
    [InlineData("metric.accuracy>=0.97", "digits@1.9.0-rc.1+b digits@1.10.0"), InlineData("metric.accuracy>0.97", "digits@1.10.0")]
    [InlineData("metric.accuracy>0.9&metric.accuracy<0.95", "digits@1.0.0"), InlineData("metric.accuracy=0.97", "digits@1.9.0-rc.1+b"), InlineData("metric.f1<=1", "digits@1.10.0")]
    [InlineData("version=1.x", "digits@1.0.0 digits@1.10.0 ocr@1.0.0"), InlineData("version=1.9.0-rc.1", "digits@1.9.0-rc.1+b"), InlineData("version=@production", "digits@1.10.0")]
    [InlineData("version=^1.9.0-rc.0", "digits@1.9.0-rc.1+b digits@1.10.0")]
    public void Versions_ByAQuery_AreThoseThatMatchInOrder(string query, string expected)
    {
        var page = RegistrySearch.Versions(Versions, Query(query, SearchTarget.Versions), 10, pageToken: null).Value!;

        Assert.Equal(expected, string.Join(' ', page.Items.Select(item => $"{item.Model}@{item.Version}")));
        Assert.Null(page.NextPageToken);
    }

    [Theory]
    [InlineData("", "digits ocr"), InlineData("order_by=name desc", "ocr digits"), InlineData("order_by=created", "ocr digits"), InlineData("order_by=updated desc", "ocr digits")]
    [InlineData("query=HANDWRITTEN", "digits"), InlineData("query=image-classification ann", "digits"), InlineData("owner=bob", "ocr"), InlineData("label=kind:public", "digits")]
    [InlineData("stage=deployed", "digits"), InlineData("tag=production", "digits"), InlineData("version=@blue", "digits"), InlineData("version=1.0.0", "digits ocr")]
    [InlineData("metric.accuracy>=0.97&stage=deployed", "digits"), InlineData("metric.accuracy<0.95&stage=deployed", ""), InlineData("owner=bob&stage=deployed", "")]
    public void Models_ByAQuery_MatchThemselvesAndOneOfTheirVersions(string query, string expected)
    {
        IndexedModel[] models =
        [
            new(Model("digits", minute: 1, new("Handwritten digits", "Ann", "image-classification", Labels(("kind", "public")))), Versions[..3]),
            new(Model("ocr", minute: 0, new("", "bob", "ocr", Labels())) with { UpdatedAt = Start.AddHours(1) }, Versions[3..]),
        ];

        var page = RegistrySearch.Models(models, Query(query, SearchTarget.Models), 10, pageToken: null).Value!;

        Assert.Equal(expected, string.Join(' ', page.Items.Select(item => item.Name)));
    }

    private static ModelSummary Model(string name, int minute, ModelMetadata metadata) =>
        new(name, metadata, Production: null, Start.AddMinutes(minute), Start.AddMinutes(minute));

    private static SearchQuery Query(string text, SearchTarget target) => SearchQueryParser.Parse(
        text.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('=', 2)).Select(parts => KeyValuePair.Create(parts[0], parts.ElementAtOrDefault(1))),
        target).Value!;
}
