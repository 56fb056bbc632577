using Platform.Core.Models;

namespace Platform.Worker.Probing;

/// <summary>What a child process says of a model, as one line of JSON.</summary>
/// <param name="Signature">Null where it cannot be served.</param>
/// <param name="Error">Why not.</param>
internal sealed record ProbeVerdict(ModelSignature? Signature, string? Error);
