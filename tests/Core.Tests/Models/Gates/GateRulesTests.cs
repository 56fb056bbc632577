using System.Text.Json;
using Platform.Core.Models;
using Platform.Core.Models.Gates;

namespace Platform.Core.Tests.Models.Gates;

public sealed class GateRulesTests
{
    public static readonly TheoryData<string?, Gate[]> Cases = new()
    {
        { null, [] },
        { null, [new("accuracy", ComparisonOperator.AtLeast, 0.95), new("accuracy", MaxDrop: 0), new("size_bytes", ComparisonOperator.AtMost, 5e7)] },
        { null, [.. Enumerable.Repeat(new Gate("f1", MaxDrop: 0.1), GateRules.MaxGates)] },
        { "gates", [.. Enumerable.Repeat(new Gate("f1", MaxDrop: 0.1), GateRules.MaxGates + 1)] },
        { "gates[0]", [null!] },
        { "gates[1].metric", [new("f1", MaxDrop: 0.1), new("acuracy", MaxDrop: 0.1)] },
        { "gates[0].metric", [new(null!, MaxDrop: 0.1)] },
        { "gates[0].op", [new("accuracy")] },
        { "gates[0].op", [new("accuracy", Value: 0.9)] },
        { "gates[0].op", [new("accuracy", ComparisonOperator.Equal, 0.9)] },
        { "gates[0].op", [new("accuracy", (ComparisonOperator)9, 0.9)] },
        { "gates[0].value", [new("accuracy", ComparisonOperator.AtLeast)] },
        { "gates[0].value", [new("accuracy", ComparisonOperator.AtLeast, double.PositiveInfinity)] },
        { "gates[0].max_drop", [new("accuracy", MaxDrop: -0.1)] },
        { "gates[0].max_drop", [new("accuracy", MaxDrop: double.NaN)] },
        { "gates[0].max_drop", [new("accuracy", ComparisonOperator.AtLeast, 0.9, 0.1)] },
        { "gates[0].max_drop", [new("accuracy", Value: 0.9, MaxDrop: 0.1)] },
    };

    [Theory, MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void Refuse_OfAFault_NamesTheField(string? field, Gate[] gates) => Assert.Equal(field, GateRules.Refuse([.. gates])?.Field);

    [Fact]
    public void Refuse_OfNoList_NamesTheField() => Assert.Equal("gates", GateRules.Refuse(default)?.Field);

    [Fact]
    public void Json_OfGates_IsAsPeopleWriteThem()
    {
        const string Json = """[{"metric":"accuracy","op":">=","value":0.95},{"metric":"accuracy","max_drop":0.01}]""";
        Gate[] gates = [new("accuracy", ComparisonOperator.AtLeast, 0.95), new("accuracy", MaxDrop: 0.01)];

        Assert.Equal(gates, JsonSerializer.Deserialize<Gate[]>(Json, PlatformJson.Options));
        Assert.Equal(Json, JsonSerializer.Serialize(gates, PlatformJson.Options));
    }

    [Fact]
    public void Names_AreAllKnown() => Assert.All(GateMetrics.Names.Split(", "), name => Assert.True(GateMetrics.IsKnown(name)));
}
