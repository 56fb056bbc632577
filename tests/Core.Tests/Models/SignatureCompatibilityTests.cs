using CsCheck;
using Platform.Core.Models;
using static Platform.Core.Tests.Models.Samples;

namespace Platform.Core.Tests.Models;

public sealed class SignatureCompatibilityTests
{
    private static readonly TensorSignature Image = Tensor("image", "FP32", -1, 1, 28, 28);
    private static readonly TensorSignature Scores = Tensor("probabilities", "FP32", -1, 10);
    private static readonly ModelSignature Digits = Signature([Image], [Scores]);

    public static readonly TheoryData<string, ModelSignature, SignatureBreak[]> Cases = new()
    {
        { "the same", Digits, [] },
        { "any height", Signature([Tensor("image", "FP32", -1, 1, -1, 28)], [Scores]), [] },
        { "more outputs", Signature([Image], [Tensor("features", "FP32", -1, 64), Scores]), [] },
        { "a fixed batch out", Signature([Image], [Tensor("probabilities", "FP32", 1, 10)]), [] },
        {
            "a fixed batch in", Signature([Tensor("image", "FP32", 1, 1, 28, 28)], [Scores]),
            [new(SignatureBreakKind.InputShape, "image", "Input image took [-1,1,28,28] and takes [1,1,28,28].")]
        },
        {
            "another size", Signature([Tensor("image", "FP32", -1, 1, 32, 32)], [Scores]),
            [new(SignatureBreakKind.InputShape, "image", "Input image took [-1,1,28,28] and takes [-1,1,32,32].")]
        },
        {
            "another rank", Signature([Tensor("image", "FP32", -1, 784)], [Scores]),
            [new(SignatureBreakKind.InputShape, "image", "Input image took [-1,1,28,28] and takes [-1,784].")]
        },
        {
            "another type in", Signature([Tensor("image", "UINT8", -1, 1, 28, 28)], [Scores]),
            [new(SignatureBreakKind.InputDatatype, "image", "Input image was FP32 and is UINT8.")]
        },
        {
            "another name in", Signature([Tensor("pixels", "FP32", -1, 1, 28, 28)], [Scores]),
            [
                new(SignatureBreakKind.InputGone, "image", "Input image is gone, and requests that give it are refused."),
                new(SignatureBreakKind.InputAdded, "pixels", "Input pixels is new, and requests made for the old version do not give it."),
            ]
        },
        {
            "one more in", Signature([Image, Tensor("mask", "BOOL", -1)], [Scores]),
            [new(SignatureBreakKind.InputAdded, "mask", "Input mask is new, and requests made for the old version do not give it.")]
        },
        {
            "another output", Signature([Image], [Tensor("logits", "FP32", -1, 10)]),
            [new(SignatureBreakKind.OutputGone, "probabilities", "Output probabilities is gone.")]
        },
        {
            "another type out", Signature([Image], [Tensor("probabilities", "FP16", -1, 10)]),
            [new(SignatureBreakKind.OutputDatatype, "probabilities", "Output probabilities was FP32 and is FP16.")]
        },
        {
            "more classes", Signature([Image], [Tensor("probabilities", "FP32", -1, 11)]),
            [new(SignatureBreakKind.OutputShape, "probabilities", "Output probabilities was [-1,10] and may be [-1,11].")]
        },
        {
            "any number of classes", Signature([Image], [Tensor("probabilities", "FP32", -1, -1)]),
            [new(SignatureBreakKind.OutputShape, "probabilities", "Output probabilities was [-1,10] and may be [-1,-1].")]
        },
    };

    [Theory, MemberData(nameof(Cases), DisableDiscoveryEnumeration = true)]
    public void Breaks_OfAChange_SaysEachInWords(string name, ModelSignature next, SignatureBreak[] expected) =>
        Assert.True(expected.SequenceEqual(SignatureCompatibility.Breaks(Digits, next)), name);

    [Fact]
    public void Breaks_ForProducerOpsetsPropertiesAndDimensionNames_IsEmpty()
    {
        var named = Image with { Dimensions = ["batch", null, null, null] };
        var next = Signature([named], [Scores]) with { Producer = "other", Opsets = Digits.Opsets.Add("", 21), Properties = Digits.Properties.Add("a", "b") };

        Assert.Empty(SignatureCompatibility.Breaks(Digits, next));
        Assert.Empty(SignatureCompatibility.Breaks(next, Digits));
    }

    [Fact]
    public void Breaks_OfScalars_FollowsTheRank() => Assert.Single(
        SignatureCompatibility.Breaks(Signature([Tensor("x", "FP32")], []), Signature([Tensor("x", "FP32", 1)], [])));

    [Fact]
    public void DropIn_IsReflexive() => GenSignature.Sample(signature => SignatureCompatibility.Breaks(signature, signature).IsEmpty);

    [Fact]
    public void DropIn_IsTransitive() => Gen.Select(GenSignature, GenSignature, GenSignature).Sample(
        (a, b, c) => !DropIn(a, b) || !DropIn(b, c) || DropIn(a, c), iter: 50_000);

    [Fact]
    public void DropIn_MeansEveryRequestAndEveryAnswerFits() => Gen.Select(GenSignature, GenSignature).Sample(
        (a, b) =>
        {
            if (!DropIn(a, b)) return;
            Assert.All(a.Inputs, input => Assert.All(Sizes(input), shape => Assert.True(Takes(b.Inputs.Single(own => own.Name == input.Name), shape))));
            Assert.All(a.Outputs, output => Assert.All(Sizes(b.Outputs.Single(own => own.Name == output.Name)), shape => Assert.True(Takes(output, shape))));
        },
        iter: 20_000);

    [Fact]
    public void DropIn_BothWays_MeansTheSameInputsAndShapes() => Gen.Select(GenSignature, GenSignature).Sample((a, b) =>
        !(DropIn(a, b) && DropIn(b, a)) || a.Inputs.Select(Show).Order().SequenceEqual(b.Inputs.Select(Show).Order()), iter: 20_000);

    private static bool DropIn(ModelSignature old, ModelSignature next) => SignatureCompatibility.Breaks(old, next).IsEmpty;

    /// <summary>Tensors of few names, types and shapes, so that compatible pairs and chains come up.</summary>
    private static readonly Gen<TensorSignature[]> GenTensors = Gen.Select(
            Gen.OneOf("x", "y"), Gen.Frequency((9, "FP32"), (1, "INT64")), Gen.OneOf(-1L, -1L, 1L, 2L).Array[1, 2])
        .Array[1, 2]
        .Select(drawn => drawn.DistinctBy(tensor => tensor.Item1).Select(tensor => Tensor(tensor.Item1, tensor.Item2, tensor.Item3)).ToArray());

    private static readonly Gen<ModelSignature> GenSignature = Gen.Select(GenTensors, GenTensors, Signature);

    /// <summary>Shapes of that signature; 3 stands for all the sizes that no signature here names.</summary>
    private static IEnumerable<long[]> Sizes(TensorSignature tensor) => tensor.Shape.Aggregate(
        (IEnumerable<long[]>)[[]],
        (shapes, size) => shapes.SelectMany(shape => (size == -1 ? new long[] { 1, 2, 3 } : [size]).Select(next => (long[])[.. shape, next])));

    private static bool Takes(TensorSignature tensor, long[] shape) =>
        tensor.Shape.Length == shape.Length && tensor.Shape.Zip(shape).All(pair => pair.First == -1 || pair.First == pair.Second);

    private static string Show(TensorSignature tensor) => $"{tensor.Name} {tensor.Datatype} {string.Join(',', tensor.Shape)}";
}
