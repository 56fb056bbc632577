using System.Collections.Immutable;
using System.Text.Json;
using Platform.Core.Models;
using Platform.Core.Serving;

namespace Platform.Core.Tests;

public sealed class PlatformJsonTests
{
    private sealed record Sample(int MaxQueueDelay, string Text, string? Note, VersionStage Stage, Device Device, ImmutableSortedDictionary<string, string>? Labels);

    [Fact]
    public void Write_IsSnakeCaseWithoutNullsAndWithEnumsAsStrings()
    {
        var labels = ImmutableSortedDictionary<string, string>.Empty.Add("CamelKey", "it's \"quoted\" <é>");
        var json = JsonSerializer.Serialize(new Sample(3, "x", null, VersionStage.Staged, Device.Tensorrt, labels), PlatformJson.Options);

        // Keys of dictionaries are people's own and stay as they are; quotes are escaped as JSON asks, nothing more.
        Assert.Equal(
            """{"max_queue_delay":3,"text":"x","stage":"staged","device":"tensorrt","labels":{"CamelKey":"it's \"quoted\" <é>"}}""", json);
    }

    [Theory]
    [InlineData("""{"max_queue_delay":"3","text":"x","stage":"staged","device":"cpu"}""")]
    [InlineData("""{"max_queue_delay":3,"text":"x","stage":4,"device":"cpu"}""")]
    [InlineData("""{"max_queue_delay":3,"text":"x","stage":"no_stage","device":"cpu"}""")]
    [InlineData("""{"max_queue_delay":3,"text":null,"stage":"staged","device":"cpu"}""")]
    [InlineData("""{"max_queue_delay":3.5,"text":"x","stage":"staged","device":"cpu"}""")]
    public void Read_OfAWrongType_IsRefusedNotGuessed(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Sample>(json, PlatformJson.Options));

    [Fact]
    public void Read_IgnoresWhatItDoesNotKnowAndOtherCase()
    {
        var read = JsonSerializer.Deserialize<Sample>(
            """{"max_queue_delay":3,"MAX_QUEUE_DELAY":4,"text":"x","stage":"staged","device":"cpu","later":1}""", PlatformJson.Options)!;

        Assert.Equal(3, read.MaxQueueDelay);
        Assert.Null(read.Labels);
    }

    [Theory]
    [InlineData("""{"lr":0.001,"epochs":3,"shuffle":true,"optimizer":"adam"}""", """{"epochs":"3","lr":"0.001","optimizer":"adam","shuffle":"true"}""")]
    [InlineData("""{"lr":1e-3,"big":12345678901234567890}""", """{"big":"12345678901234567890","lr":"1e-3"}""")]
    [InlineData("{}", "{}")]
    public void TrainingParameters_AreKeptAsTheyWereWritten(string given, string kept)
    {
        var training = JsonSerializer.Deserialize<TrainingInfo>($$"""{"parameters":{{given}}}""", PlatformJson.Options);

        Assert.Equal($$"""{"parameters":{{kept}}}""", JsonSerializer.Serialize(training, PlatformJson.Options));
    }

    [Theory]
    [InlineData("""{"lr":[1]}"""), InlineData("""{"lr":{}}"""), InlineData("[]"), InlineData("5")]
    public void TrainingParameters_WithPartsOfTheirOwn_AreRefused(string given) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<TrainingInfo>($$"""{"parameters":{{given}}}""", PlatformJson.Options));

    [Theory]
    [InlineData(ComparisonOperator.Above, "\">\""), InlineData(ComparisonOperator.AtLeast, "\">=\""), InlineData(ComparisonOperator.Below, "\"<\"")]
    [InlineData(ComparisonOperator.AtMost, "\"<=\""), InlineData(ComparisonOperator.Equal, "\"=\"")]
    public void Operators_TravelAsTheirSigns(ComparisonOperator op, string json)
    {
        Assert.Equal(json, JsonSerializer.Serialize(op, PlatformJson.Options));
        Assert.Equal(op, JsonSerializer.Deserialize<ComparisonOperator>(json, PlatformJson.Options));
        Assert.Equal(json, $"\"{op.Sign()}\"");
    }
}
