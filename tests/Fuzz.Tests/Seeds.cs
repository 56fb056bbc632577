using System.Text;
using Google.Protobuf;
using Platform.Api.Inference.Protocol;
using Platform.Worker.Tests.Support;

namespace Platform.Fuzz.Tests;

/// <summary>A request that is right, or was before it was changed.</summary>
/// <param name="HeaderLength">Of its JSON, where tensors follow.</param>
internal sealed record Seed(string Model, byte[] Body, string? HeaderLength = null);

/// <summary>What mutations begin with: each protocol, each kind of tensor, each extension.</summary>
internal static class Seeds
{
    public static IReadOnlyDictionary<string, byte[]> Models { get; } = new Dictionary<string, byte[]>
    {
        ["floats"] = OnnxBuilder.Identity("FP32", "n", 4),
        ["whole"] = OnnxBuilder.Identity("INT64", "n", 2),
        ["texts"] = OnnxBuilder.Identity("BYTES", "n", 2),
        ["halves"] = OnnxBuilder.Identity("FP16", "n", 3),
        ["flags"] = OnnxBuilder.Identity("BOOL", "n"),
    };

    public static Seed[] Json { get; } =
    [
        new("floats", Utf8("""{"id":"a","inputs":[{"name":"x","shape":[2,4],"datatype":"FP32","data":[1,-2.5,3e2,4,5,6.25,7,8]}]}""")),
        new("floats", Utf8("""{"inputs":[{"name":"x","shape":[2,4],"datatype":"FP32","data":[[1,2,3,4],[5,6,7,8]]}],"outputs":[{"name":"y","parameters":{"classification":2}}],"parameters":{"timeout":1000000,"priority":3}}""")),
        new("whole", Utf8("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"INT64","data":[9223372036854775807,-1]}]}""")),
        new("texts", Utf8("""{"inputs":[{"name":"x","shape":[1,2],"datatype":"BYTES","data":["\u00e9\ud83d\ude00",""]}]}""")),
        new("halves", Utf8("""{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP16","parameters":{"binary_data_size":6}}]}""")),
        new("flags", Utf8("""{"inputs":[{"name":"x","shape":[3],"datatype":"BOOL","data":[true,false,true]}]}""")),
    ];

    public static Seed[] Binary { get; } =
    [
        WithTensors("floats", """{"inputs":[{"name":"x","shape":[2,4],"datatype":"FP32","parameters":{"binary_data_size":32}}],"parameters":{"binary_data_output":true}}""", new byte[32]),
        WithTensors("whole", """{"inputs":[{"name":"x","shape":[1,2],"datatype":"INT64","parameters":{"binary_data_size":16}}],"outputs":[{"name":"y","parameters":{"binary_data":true}}]}""", new byte[16]),
        WithTensors("texts", """{"inputs":[{"name":"x","shape":[1,2],"datatype":"BYTES","parameters":{"binary_data_size":11}}]}""", [3, 0, 0, 0, 97, 98, 99, 0, 0, 0, 0]),
        WithTensors("halves", """{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP16","parameters":{"binary_data_size":6}}]}""", [0, 60, 0, 124, 0, 126]),
        WithTensors("flags", """{"inputs":[{"name":"x","shape":[3],"datatype":"BOOL","parameters":{"binary_data_size":3}}]}""", [0, 1, 255]),
    ];

    public static byte[][] Grpc { get; } = [Message("floats", "FP32", [2, 4], new byte[32]), Message("texts", "BYTES", [1, 2], [1, 0, 0, 0, 97, 0, 0, 0, 0]), Typed()];

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static Seed WithTensors(string model, string json, byte[] tensors) =>
        new(model, [.. Utf8(json), .. tensors], Encoding.UTF8.GetByteCount(json).ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static byte[] Message(string model, string datatype, long[] shape, byte[] raw)
    {
        var request = new ModelInferRequest { ModelName = model, Id = "a" };
        var input = new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = datatype };
        input.Shape.AddRange(shape);
        request.Inputs.Add(input);
        request.RawInputContents.Add(ByteString.CopyFrom(raw));
        request.Parameters["priority"] = new InferParameter { Int64Param = 2 };
        return request.ToByteArray();
    }

    private static byte[] Typed()
    {
        var request = new ModelInferRequest { ModelName = "whole", ModelVersion = "1.0.0" };
        var input = new ModelInferRequest.Types.InferInputTensor { Name = "x", Datatype = "INT64", Contents = new InferTensorContents() };
        input.Shape.AddRange([1, 2]);
        input.Contents.Int64Contents.AddRange([5, -6]);
        request.Inputs.Add(input);
        request.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = "y" });
        return request.ToByteArray();
    }
}
