using Platform.Api.Inference.Grpc;

namespace Platform.Api.Inference.Protocol;

/// <summary>What the wire had beside the fields that protobuf reads.</summary>
internal sealed partial class ModelInferRequest
{
    /// <summary>The raw tensors, already where they are sent on from; null when there were none.</summary>
    public CallBody? Raw { get; set; }
}
