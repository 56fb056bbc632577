using System.Collections.Immutable;
using Platform.Core.Models;
using Platform.Core.Serving;

namespace Platform.Core.Tests.Serving;

public sealed class FeedbackRulesTests
{
    [Theory]
    [InlineData("FP32", new long[] { -1, 10 }, FeedbackKind.Argmax)]
    [InlineData("FP32", new long[] { -1, -1 }, FeedbackKind.Argmax)]
    [InlineData("FP32", new long[] { 10 }, FeedbackKind.Argmax)]
    [InlineData("FP64", new long[] { -1, 1 }, FeedbackKind.Value)]
    [InlineData("FP16", new long[] { -1 }, FeedbackKind.Value)]
    [InlineData("INT64", new long[] { -1 }, FeedbackKind.Argmax)]
    [InlineData("BOOL", new long[] { -1, 1 }, FeedbackKind.Argmax)]
    public void Output_OfThatShape_IsReadAsFits(string datatype, long[] shape, FeedbackKind expected) =>
        Assert.Equal(expected, FeedbackRules.Read(null, Signature(("y", datatype, shape)))?.As);

    [Theory]
    [InlineData("FP32", new long[] { -1, 3, 224, 224 })]
    [InlineData("BYTES", new long[] { -1 })]
    [InlineData("INT64", new long[] { -1, 20 })]
    public void Output_OfNoSuchShape_IsNoPrediction(string datatype, long[] shape) =>
        Assert.Null(FeedbackRules.Read(null, Signature(("y", datatype, shape))));

    [Fact]
    public void FirstOutputThatFits_IsTaken_UnlessOneIsNamed()
    {
        var signature = Signature(("boxes", "FP32", [-1, 4, 4]), ("scores", "FP32", [-1, 5]), ("size", "FP32", [-1]));

        Assert.Equal("scores", FeedbackRules.Read(null, signature)!.Output);
        Assert.Equal(("size", FeedbackKind.Value), Of(FeedbackRules.Read(new(Output: "size"), signature)!));
        Assert.Equal(("size", FeedbackKind.Threshold), Of(FeedbackRules.Read(new(As: FeedbackKind.Threshold), signature)!));
    }

    [Fact]
    public void Defaults_AreAllRequestsForADay() =>
        Assert.Equal(new FeedbackReading("y", FeedbackKind.Argmax, 0.5, 1, TimeSpan.FromHours(24)), FeedbackRules.Read(null, Signature(("y", "FP32", [-1, 3]))));

    [Fact]
    public void SampleOfZero_SwitchesItOff() => Assert.Null(FeedbackRules.Read(new(Sample: 0), Signature(("y", "FP32", [-1, 3]))));

    public static TheoryData<FeedbackConfig, string> Bad => new()
    {
        { new(Output: "nothing"), "config.feedback.output" },
        { new(Output: "boxes"), "config.feedback.output" },
        { new(Output: "y", As: FeedbackKind.Value), "config.feedback.as" },
        { new(Threshold: 0.3), "config.feedback.threshold" },
        { new(As: FeedbackKind.Threshold, Threshold: double.NaN), "config.feedback.threshold" },
        { new(Sample: 1.5), "config.feedback.sample" },
        { new(Sample: -0.1), "config.feedback.sample" },
        { new(Ttl: TimeSpan.Zero), "config.feedback.ttl" },
        { new(Ttl: TimeSpan.FromDays(31)), "config.feedback.ttl" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Config_ThatCannotBe_IsRefusedByName(FeedbackConfig config, string field)
    {
        var signature = Signature(("y", "FP32", [-1, 3]), ("boxes", "FP32", [-1, 4, 4]));

        Assert.Equal(field, (FeedbackRules.Refuse(config) ?? FeedbackRules.Refuse(config, signature))?.Field);
    }

    [Fact]
    public void Config_ThatFits_IsNotRefused()
    {
        var config = new FeedbackConfig("y", FeedbackKind.Argmax, Sample: 0.1, Ttl: TimeSpan.FromDays(30));

        Assert.Null(FeedbackRules.Refuse(config) ?? FeedbackRules.Refuse(config, Signature(("y", "FP32", [-1, 3]))));
        Assert.Null(FeedbackRules.Refuse(null, Signature(("text", "BYTES", [-1]))));
    }

    private static (string, FeedbackKind) Of(FeedbackReading reading) => (reading.Output, reading.As);

    private static ModelSignature Signature(params (string Name, string Datatype, long[] Shape)[] outputs) => new(
        [], [.. outputs.Select(output => new TensorSignature(output.Name, output.Datatype, [.. output.Shape], [.. output.Shape.Select(_ => (string?)null)]))],
        "", ImmutableDictionary<string, long>.Empty, ImmutableDictionary<string, string>.Empty);
}
