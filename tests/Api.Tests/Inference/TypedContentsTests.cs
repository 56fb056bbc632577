using Google.Protobuf;
using Platform.Api.Inference.Grpc;
using Platform.Api.Inference.Protocol;

namespace Platform.Api.Tests.Inference;

public sealed class TypedContentsTests
{
    private static readonly (string Datatype, InferTensorContents Contents, byte[] Bytes)[] Fitting =
    [
        ("BOOL", new() { BoolContents = { true, false } }, [1, 0]),
        ("INT8", new() { IntContents = { -1, 127 } }, [0xFF, 0x7F]),
        ("INT16", new() { IntContents = { -2 } }, [0xFE, 0xFF]),
        ("INT32", new() { IntContents = { 1 } }, [1, 0, 0, 0]),
        ("INT64", new() { Int64Contents = { 2 } }, [2, 0, 0, 0, 0, 0, 0, 0]),
        ("UINT8", new() { UintContents = { 255 } }, [255]),
        ("UINT16", new() { UintContents = { 256 } }, [0, 1]),
        ("UINT32", new() { UintContents = { uint.MaxValue } }, [255, 255, 255, 255]),
        ("UINT64", new() { Uint64Contents = { 3 } }, [3, 0, 0, 0, 0, 0, 0, 0]),
        ("FP32", new() { Fp32Contents = { 1f } }, [0, 0, 0x80, 0x3F]),
        ("FP64", new() { Fp64Contents = { 1d } }, [0, 0, 0, 0, 0, 0, 0xF0, 0x3F]),
        ("BYTES", new() { BytesContents = { ByteString.CopyFromUtf8("ab"), ByteString.Empty } }, [2, 0, 0, 0, (byte)'a', (byte)'b', 0, 0, 0, 0]),
        ("FP32", new(), []),
    ];

    private static readonly (string Datatype, InferTensorContents Contents, string Refusal)[] Unfitting =
    [
        ("FP32", new() { IntContents = { 1 } }, "hold elements of another type"),
        ("FP32", new() { Fp32Contents = { 1 }, Fp64Contents = { 1 } }, "hold elements of another type"),
        ("INT8", new() { IntContents = { 128 } }, "element 0 of input 'x' is 128, but INT8 holds -128 to 127"),
        ("UINT8", new() { UintContents = { 1, 256 } }, "element 1 of input 'x' is 256"),
        ("FP16", new() { Fp32Contents = { 1 } }, "raw_input_contents"),
        ("BF16", new(), "raw_input_contents"),
        ("FP31", new(), "none of BOOL"),
    ];

    [Fact]
    public void Contents_OfTheirDatatype_BecomeItsBytes() => Assert.All(Fitting, row =>
    {
        var input = Input(row.Datatype, row.Contents);
        var bytes = new byte[TypedContents.Size(input)];

        TypedContents.Write(input, bytes);

        Assert.Equal(row.Bytes, bytes);
    });

    [Fact]
    public void Contents_OfAnotherDatatype_AreRefusedByName() => Assert.All(Unfitting, row =>
    {
        var input = Input(row.Datatype, row.Contents);

        var refusal = Assert.Throws<InvalidRequestException>(() => TypedContents.Write(input, new byte[TypedContents.Size(input)]));

        Assert.Contains(row.Refusal, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("'x'", refusal.Message, StringComparison.Ordinal);
    });

    private static ModelInferRequest.Types.InferInputTensor Input(string datatype, InferTensorContents contents) =>
        new() { Name = "x", Datatype = datatype, Contents = contents };
}
