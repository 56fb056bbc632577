using System.Text.Json;
using Platform.Core.Models;
using Platform.Core.Models.Comparison;
using Platform.Core.Statistics;
using static Platform.Core.Tests.Models.Samples;

namespace Platform.Core.Tests.Models.Comparison;

public sealed class ComparisonRulesTests
{
    private static readonly ModelSignature Digits = Signature([Tensor("image", "FP32", -1, 784)], [Tensor("probabilities", "FP32", -1, 10)]);

    private static readonly ComparedVersion First = new(
        "1.1.0",
        Metadata with
        {
            Description = "One layer",
            Training = new("numpy", "mnist", "c1", Labels(("epochs", "5"), ("lr", "0.1"))),
            Metrics = Metrics(("accuracy", 0.97), ("f1", 0.96)),
            Dependencies = [new("onnx", "1.17"), new("numpy", "2.0")],
            Labels = Labels(("team", "vision")),
        },
        new ArtifactInfo(400_000, "aa", Encrypted: true, SignedBy: null),
        Digits,
        new(Rates(("error_rate", 200, 1_000), ("accuracy", 970, 1_000)), Metrics(("latency_p95_ms", 12.5))));

    private static readonly ComparedVersion Second = First with
    {
        Version = "2.0.0",
        Metadata = First.Metadata with
        {
            Training = new("numpy", "mnist", "c2", Labels(("epochs", "9"), ("seed", "7"))),
            Metrics = Metrics(("accuracy", 0.98)),
            Dependencies = [new("onnx", "1.18"), new("onnx", "1.17")],
            Parent = "1.1.0",
        },
        Artifact = new ArtifactInfo(600_000, "bb", Encrypted: true, SignedBy: null),
        Signature = Signature([Tensor("image", "FP32", -1, 1, 28, 28)], [Tensor("probabilities", "FP32", -1, 10)]),
        Measured = new(Rates(("error_rate", 250, 1_000), ("accuracy", 995, 1_000)), Metrics(("latency_p95_ms", 11))),
    };

    private static readonly ComparedVersion Bare = new("3.0.0-rc.1", Metadata, Artifact: null, Signature: null, Measured: null);

    [Fact]
    public void Compare_OfMetadata_ShowsWhatDiffersFieldByField()
    {
        var fields = Compare(First, Second).Metadata.Select(field => $"{field.Field}: {string.Join(" | ", field.Values.Select(value => value ?? "-"))}");

        Assert.Equal(
            [
                "dependencies.numpy: 2.0 | -",
                "dependencies.onnx: 1.17 | 1.17, 1.18",
                "parent: - | 1.1.0",
                "training.commit: c1 | c2",
                "training.parameters.epochs: 5 | 9",
                "training.parameters.lr: 0.1 | -",
                "training.parameters.seed: - | 7",
            ],
            fields);
    }

    [Fact]
    public void Compare_OfTheSameMetadata_ShowsNothing() =>
        Assert.Empty(Compare(First, First with { Version = "9.0.0" }).Metadata);

    [Fact]
    public void Compare_OfFigures_GivesEachValueAndItsDifferenceFromTheFirst()
    {
        var found = Compare(First, Second, Bare);

        Assert.Equal(["accuracy", "f1"], found.Metrics.Select(metric => metric.Name));
        Assert.Equal([0.97, 0.98, null], found.Metrics[0].Values);
        Assert.Equal(0.01, found.Metrics[0].Differences[1]!.Value, 1e-12);
        Assert.Equal([0d, null, null], found.Metrics[1].Differences);
        Assert.Equal([0d, 200_000d, null], found.SizeBytes.Differences);
        Assert.Equal([12.5, 11, null], Assert.Single(found.Measured).Values);
        Assert.Equal([0d, -1.5, null], found.Measured[0].Differences);
    }

    [Fact]
    public void Compare_OfCounts_GivesTheSignificanceOfEachDifference()
    {
        var rates = Compare(First, Second, Bare).Rates;

        Assert.Equal(["accuracy", "error_rate"], rates.Select(rate => rate.Name));
        // Five wrong ones are too few for z.
        Assert.Equal(TwoProportions.Compare(970, 1_000, 995, 1_000), rates[0].Differences[1]);
        Assert.Equal(ProportionMethod.FisherExact, rates[0].Differences[1]!.Method);
        Assert.Equal(TwoProportions.Compare(200, 1_000, 250, 1_000), rates[1].Differences[1]);
        Assert.Equal(0.00741964926, rates[1].Differences[1]!.PValue, 1e-10);
        Assert.Equal(0.25, rates[1].Values[1]!.Rate);
        Assert.Null(rates[1].Differences[0]);
        Assert.Null(rates[1].Differences[2]);
        Assert.Null(rates[1].Values[2]);
    }

    [Fact]
    public void Compare_OfARateWithoutTraffic_SaysNothingOfIt()
    {
        var idle = Second with { Measured = new(Rates(("error_rate", 0, 0)), Metrics()) };
        var rate = Compare(First, idle).Rates.Single(rate => rate.Name == "error_rate");

        Assert.Null(rate.Differences[1]);
        Assert.Null(rate.Values[1]!.Rate);
    }

    [Fact]
    public void Compare_OfSignatures_SaysWhetherEachCanTakeTheFirstOnesPlace()
    {
        var signatures = Compare(First, Second, First with { Version = "1.2.0" }, Bare).Signatures;

        Assert.Equal([("2.0.0", false), ("1.2.0", true), ("3.0.0-rc.1", (bool?)null)], signatures.Select(found => (found.Version, found.DropIn)));
        Assert.Equal(SignatureBreakKind.InputShape, Assert.Single(signatures[0].Breaks).Kind);
        Assert.Empty(signatures[1].Breaks);
    }

    [Theory]
    [InlineData("1.0.0"), InlineData(""), InlineData("1.0.0,1.1.0,1.2.0,1.3.0,1.4.0,1.5.0"), InlineData("1.0.0,1.0.0+b"), InlineData("1.0.0,latest")]
    public void Refuse_OfTooFewTooManyTwiceOrNone_NamesTheField(string versions) => Assert.Equal(
        "versions", ComparisonRules.Refuse([.. versions.Split(',', StringSplitOptions.RemoveEmptyEntries)])?.Field);

    [Theory]
    [InlineData("1.0.0,1.0.0-rc.1"), InlineData("1.0.0,1.1.0,1.2.0,1.3.0,1.4.0")]
    public void Refuse_OfTwoToFive_IsNull(string versions) => Assert.Null(ComparisonRules.Refuse([.. versions.Split(',')]));

    [Fact]
    public void Compare_OfOne_IsRefused() => Assert.Equal("versions", ComparisonRules.Compare([First]).Refusal?.Field);

    [Fact]
    public void Json_OfAComparison_CanBeWritten() =>
        Assert.Contains("\"p_value\":", JsonSerializer.Serialize(Compare(First, Second, Bare), PlatformJson.Options), StringComparison.Ordinal);

    private static VersionComparison Compare(params ComparedVersion[] versions) => ComparisonRules.Compare([.. versions]).Value!;

    private static System.Collections.Immutable.ImmutableSortedDictionary<string, CountedRate> Rates(params (string Name, long Count, long Of)[] rates) =>
        System.Collections.Immutable.ImmutableSortedDictionary.CreateRange(rates.Select(rate => KeyValuePair.Create(rate.Name, new CountedRate(rate.Count, rate.Of))));
}
