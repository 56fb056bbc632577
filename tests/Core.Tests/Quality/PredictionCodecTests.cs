using CsCheck;
using Platform.Core.Quality;
using Platform.Core.Serving;

namespace Platform.Core.Tests.Quality;

public sealed class PredictionCodecTests
{
    private static readonly Gen<PredictedAnswer> Classes = Gen.Select(
        Gen.Select(Gen.Int[-1, 100_000], Gen.Double[0, 1], Gen.Bool).Array[1, 50], Gen.Float[0, 100].Array[0, 32], Gen.String[0, 20],
        (items, mass, id) => new PredictedAnswer(
            FeedbackKind.Argmax, [.. items.Select(item => new PredictedItem(item.Item1, item.Item3 ? item.Item2 : null, item.Item3))],
            [.. mass.Select(one => (double)one)], id.Length == 0 ? null : new string([.. id.Where(char.IsAscii)]) is { Length: > 0 } ascii ? ascii : null));

    [Fact]
    public void Classes_ComeBackAsTheyWere() => Classes.Sample(answer =>
    {
        var read = PredictionCodec.Decode(PredictionCodec.Encode(answer))!;

        Assert.Equal((answer.Kind, answer.Id), (read.Kind, read.Id));
        Assert.Equal(answer.Items.Select(item => (item.Value, item.IsFinite)), read.Items.Select(item => (item.Value, item.IsFinite)));
        Assert.All(answer.Items.Zip(read.Items), pair => Assert.True(Math.Abs((pair.First.Confidence ?? -1) - (pair.Second.Confidence ?? -1)) < 1e-5));
        Assert.Equal(answer.Mass, read.Mass);
    });

    [Fact]
    public void Values_ComeBackToTheLastBit() => Gen.Double.Array[1, 50].Sample(values =>
    {
        var answer = new PredictedAnswer(FeedbackKind.Value, [.. values.Select(value => new PredictedItem(value, null, double.IsFinite(value)))], []);

        Assert.Equal(answer.Items, PredictionCodec.Decode(PredictionCodec.Encode(answer))!.Items);
    });

    [Theory]
    [InlineData("")]
    [InlineData("not base64!")]
    [InlineData("AQ==")]
    [InlineData("AgAA")]
    [InlineData("AQAFAAAA")]
    public void Text_ThatNobodyEncoded_IsNull(string text) => Assert.Null(PredictionCodec.Decode(text));

    [Fact]
    public void Text_CutShort_IsNullOrWhole_NeverAFault() => Gen.Select(Classes, Gen.Int[0, 60]).Sample((answer, cut) =>
    {
        var bytes = Convert.FromBase64String(PredictionCodec.Encode(answer));

        var read = PredictionCodec.Decode(Convert.ToBase64String(bytes.AsSpan(0, Math.Min(cut, bytes.Length))));

        Assert.True(read is null || read.Items.Length == answer.Items.Length);
    });

    [Fact]
    public void OneClass_IsCompact() => Assert.InRange(
        PredictionCodec.Encode(new PredictedAnswer(FeedbackKind.Argmax, [new(7, 0.99, true)], [])).Length, 1, 12);
}
