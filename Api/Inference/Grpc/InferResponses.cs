using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Platform.Api.Inference.Protocol;
using Platform.Api.Serving;
using Platform.Core;

namespace Platform.Api.Inference.Grpc;

/// <summary>A worker's answer as a message. Its tensors are not copied: the message points into the answer's body.</summary>
internal static class InferResponses
{
    public static ModelInferResponse From(InferenceAnswer answer)
    {
        var length = answer.HeaderLength is { } text ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) : answer.Body.Length;
        var head = JsonSerializer.Deserialize<Head>(answer.Body.Span[..length], PlatformJson.Options)!;
        var response = new ModelInferResponse { ModelName = head.ModelName, ModelVersion = head.ModelVersion, Id = head.Id ?? "" };
        var at = length;
        foreach (var output in head.Outputs)
        {
            var bytes = output.Parameters.BinaryDataSize;
            response.Outputs.Add(new ModelInferResponse.Types.InferOutputTensor
            {
                Name = output.Name, Datatype = output.Datatype, Shape = { output.Shape },
            });
            response.RawOutputContents.Add(UnsafeByteOperations.UnsafeWrap(answer.Body.Slice(at, bytes)));
            at += bytes;
        }

        return response;
    }

    /// <summary>What a refusal's body says.</summary>
    public static string ErrorOf(InferenceAnswer answer)
    {
        try
        {
            return answer.Error ?? JsonSerializer.Deserialize<Failure>(answer.Body.Span, PlatformJson.Options)!.Error;
        }
        catch (JsonException)
        {
            return $"The worker answered with status {answer.Status}.";
        }
    }

    private sealed record Head(string ModelName, string ModelVersion, string? Id, ImmutableArray<Output> Outputs);

    private sealed record Output(string Name, string Datatype, ImmutableArray<long> Shape, BinaryParameters Parameters);

    private sealed record BinaryParameters(int BinaryDataSize);

    private sealed record Failure(string Error);
}
