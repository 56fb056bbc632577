using System.Collections.Immutable;
using Platform.Core.Models;
using Platform.Core.Results;

namespace Platform.Core.Tests.Models;

public sealed class MetadataRulesTests
{
    private static readonly string Short = new('x', MetadataRules.MaxShortLength);
    private static readonly string Long = new('x', MetadataRules.MaxTextLength);
    private static readonly string Value = new('x', MetadataRules.MaxValueLength);
    private static readonly string Key = new('k', MetadataRules.MaxKeyLength);
    private static readonly TrainingInfo Training = new(null, null, null, null);

    public static readonly TheoryData<string, ModelMetadata> BadModels = new()
    {
        { "description", Samples.ModelMetadata with { Description = Long + "x" } },
        { "owner", Samples.ModelMetadata with { Owner = Short + "x" } },
        { "task", Samples.ModelMetadata with { Task = Short + "x" } },
        { "labels", Samples.ModelMetadata with { Labels = Pairs(MetadataRules.MaxEntries + 1) } },
        { "labels", Samples.ModelMetadata with { Labels = Samples.Labels((Key + "k", "")) } },
        { "labels", Samples.ModelMetadata with { Labels = Samples.Labels(("", "")) } },
        { "labels.team", Samples.ModelMetadata with { Labels = Samples.Labels(("team", Value + "x")) } },
        { "labels.team", Samples.ModelMetadata with { Labels = Samples.Labels(("team", null!)) } },
    };

    public static readonly TheoryData<string, VersionMetadata> BadVersions = new()
    {
        { "description", Samples.Metadata with { Description = Long + "x" } },
        { "training.framework", Samples.Metadata with { Training = Training with { Framework = Short + "x" } } },
        { "training.dataset", Samples.Metadata with { Training = Training with { Dataset = Value + "x" } } },
        { "training.commit", Samples.Metadata with { Training = Training with { Commit = Short + "x" } } },
        { "training.parameters", Samples.Metadata with { Training = Training with { Parameters = Pairs(MetadataRules.MaxEntries + 1) } } },
        { "training.parameters.lr", Samples.Metadata with { Training = Training with { Parameters = Samples.Labels(("lr", Value + "x")) } } },
        { "labels", Samples.Metadata with { Labels = Pairs(MetadataRules.MaxEntries + 1) } },
        { "metrics", Samples.Metadata with { Metrics = Figures(MetadataRules.MaxEntries + 1) } },
        { "metrics", Samples.Metadata with { Metrics = Samples.Metrics((Key + "k", 1)) } },
        { "metrics.accuracy", Samples.Metadata with { Metrics = Samples.Metrics(("accuracy", double.PositiveInfinity)) } },
        { "metrics.accuracy", Samples.Metadata with { Metrics = Samples.Metrics(("accuracy", double.NaN)) } },
        { "metrics.top 5", Samples.Metadata with { Metrics = Samples.Metrics(("top 5", 1)) } },
        { "metrics.loss!", Samples.Metadata with { Metrics = Samples.Metrics(("loss!", 1)) } },
        { "dependencies", Samples.Metadata with { Dependencies = Needs(MetadataRules.MaxEntries + 1) } },
        { "dependencies[1].name", Samples.Metadata with { Dependencies = [new("a", "1"), new(" ", "1")] } },
        { "dependencies[0].name", Samples.Metadata with { Dependencies = [new(Short + "x", "1")] } },
        { "dependencies[0].name", Samples.Metadata with { Dependencies = [null!] } },
        { "dependencies[0].version", Samples.Metadata with { Dependencies = [new("a", "")] } },
        { "dependencies[0].version", Samples.Metadata with { Dependencies = [new("a", Short + "x")] } },
        { "derived_by", Samples.Metadata with { DerivedBy = Short + "x" } },
        { "parent", Samples.Metadata with { Parent = "1.0" } },
    };

    [Theory, MemberData(nameof(BadModels), DisableDiscoveryEnumeration = true)]
    public void Refuse_OfAModelBeyondALimit_NamesTheField(string field, ModelMetadata metadata)
    {
        var refusal = MetadataRules.Refuse(metadata);

        Assert.Equal((RefusalReason.Invalid, field), (refusal?.Reason, refusal?.Field));
    }

    [Theory, MemberData(nameof(BadVersions), DisableDiscoveryEnumeration = true)]
    public void Refuse_OfAVersionBeyondALimit_NamesTheField(string field, VersionMetadata metadata)
    {
        var refusal = MetadataRules.Refuse(metadata);

        Assert.Equal((RefusalReason.Invalid, field), (refusal?.Reason, refusal?.Field));
    }

    [Fact]
    public void Refuse_AtEveryLimit_IsNull()
    {
        var labels = Pairs(MetadataRules.MaxEntries - 1).Add(Key, Value);

        Assert.Null(MetadataRules.Refuse(new ModelMetadata(Long, Short, Short, labels)));
        Assert.Null(MetadataRules.Refuse(new VersionMetadata(
            Long, new TrainingInfo(Short, Value, Short, labels), Figures(MetadataRules.MaxEntries), Needs(MetadataRules.MaxEntries), labels,
            "1.0.0-rc.1+b", Short)));
    }

    [Fact]
    public void Refuse_OfNothingSaid_IsNull()
    {
        Assert.Null(MetadataRules.Refuse(Samples.ModelMetadata));
        Assert.Null(MetadataRules.Refuse(Samples.Metadata));
    }

    private static ImmutableSortedDictionary<string, string> Pairs(int count) =>
        Enumerable.Range(0, count).ToImmutableSortedDictionary(i => $"k{i}", _ => "");

    private static ImmutableSortedDictionary<string, double> Figures(int count) =>
        Enumerable.Range(0, count).ToImmutableSortedDictionary(i => $"k{i}", i => (double)i);

    private static ImmutableArray<Dependency> Needs(int count) => [.. Enumerable.Range(0, count).Select(i => new Dependency($"d{i}", "1"))];
}
