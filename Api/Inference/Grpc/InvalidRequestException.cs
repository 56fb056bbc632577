namespace Platform.Api.Inference.Grpc;

/// <summary>A message says what cannot be; answered with INVALID_ARGUMENT.</summary>
internal sealed class InvalidRequestException(string message) : Exception(message);
