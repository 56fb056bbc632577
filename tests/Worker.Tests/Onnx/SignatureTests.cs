using Platform.Core.Models;
using Platform.Worker.Onnx;
using Platform.Worker.Tests.Support;

namespace Platform.Worker.Tests.Onnx;

public sealed class SignatureTests
{
    public static TheoryData<string> Versions => ["1.0.0", "1.1.0", "2.0.0", "2.1.0-regressed", "2.2.0-slow", "2.3.0-faulty"];

    [Theory]
    [MemberData(nameof(Versions))]
    public void Read_SampleModel_SaysWhatItTakesAndGives(string version)
    {
        var signature = OnnxInspector.Read(Digits.Model(version), CancellationToken.None);
        var input = Assert.Single(signature.Inputs);
        Assert.Equal("image FP32 [-1,1,28,28]", Text(input));
        Assert.Equal(["N", null, null, null], input.Dimensions);
        // The faulty one was exported with its batch fixed inside, and says so of its output.
        Assert.Equal(version == "2.3.0-faulty" ? "probabilities FP32 [1,10]" : "probabilities FP32 [-1,10]", Text(Assert.Single(signature.Outputs)));
        Assert.Equal("digits-sample", signature.Producer);
        Assert.Equal(17, signature.Opsets[""]);
        Assert.Equal(version, signature.Properties["version"]);
    }

    [Theory]
    [InlineData("BOOL")]
    [InlineData("UINT8")]
    [InlineData("UINT16")]
    [InlineData("UINT32")]
    [InlineData("UINT64")]
    [InlineData("INT8")]
    [InlineData("INT16")]
    [InlineData("INT32")]
    [InlineData("INT64")]
    [InlineData("FP16")]
    [InlineData("BF16")]
    [InlineData("FP32")]
    [InlineData("FP64")]
    [InlineData("BYTES")]
    public void Read_EveryDatatype_IsNamedAsTheProtocolDoes(string datatype)
    {
        var signature = OnnxInspector.Read(OnnxBuilder.Identity(datatype, "batch", 3, "width"), CancellationToken.None);
        Assert.Equal($"x {datatype} [-1,3,-1]", Text(signature.Inputs[0]));
        Assert.Equal(["batch", null, "width"], signature.Inputs[0].Dimensions);
        Assert.Equal("tests", signature.Producer);
        Assert.Equal("a test", signature.Properties["made-by"]);
    }

    [Fact]
    public void Read_ScalarAndShapeless_AreToldApart()
    {
        var model = new OnnxBuilder()
            .Input("scalar", OnnxBuilder.Float, [])
            .Input("anything", OnnxBuilder.Float, null)
            .Output("y", OnnxBuilder.Float, null)
            .Node("Add", ["scalar", "anything"], ["y"])
            .Build();
        var signature = OnnxInspector.Read(model, CancellationToken.None);
        Assert.Equal(["scalar FP32 []", "anything FP32 [-1]"], signature.Inputs.Select(Text));
    }

    private static string Text(TensorSignature tensor) => $"{tensor.Name} {tensor.Datatype} [{string.Join(',', tensor.Shape)}]";
}
