using Platform.Api.Inference.Protocol;

namespace Platform.Api.Inference.Grpc;

/// <summary>A message's tensors, typed or raw, as one body.</summary>
internal static class InferRequests
{
    private const int HeadroomBytes = 2_048;

    /// <summary>The caller disposes of it when the answer is there.</summary>
    /// <exception cref="InvalidRequestException">The tensors do not fit what the message says of them.</exception>
    public static CallBody TensorsOf(ModelInferRequest request) => request.Raw is { } raw ? Checked(request, raw) : Typed(request);

    private static CallBody Checked(ModelInferRequest request, CallBody raw)
    {
        if (request.Inputs.FirstOrDefault(input => input.Contents is not null) is { } both)
        {
            throw new InvalidRequestException($"contents field must not be specified when using raw_input_contents for '{both.Name}' "
                + $"for model '{request.ModelName}'; send all tensors one way");
        }

        return raw.Sizes.Count == request.Inputs.Count
            ? raw
            : throw new InvalidRequestException($"expected {request.Inputs.Count} raw_input_contents, one for each input in their order, "
                + $"but got {raw.Sizes.Count} for model '{request.ModelName}'");
    }

    private static CallBody Typed(ModelInferRequest request)
    {
        var sizes = request.Inputs.Select(TypedContents.Size).ToArray();
        var body = new CallBody(HeadroomBytes, checked((int)sizes.Sum(size => (long)size)));
        try
        {
            for (var i = 0; i < sizes.Length; i++) TypedContents.Write(request.Inputs[i], body.Take(sizes[i]));
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }
}
