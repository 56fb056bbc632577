namespace Platform.Contracts;

/// <summary>The control plane could not read or write its state just now. Nothing is half-done; try again.</summary>
[GenerateSerializer, Alias("platform.controlPlaneUnavailable")]
public sealed class ControlPlaneUnavailableException(string message) : Exception(message);
