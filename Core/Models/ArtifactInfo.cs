namespace Platform.Core.Models;

/// <summary>An immutable model file in the artifact store.</summary>
/// <param name="SizeBytes">Length of the ONNX file itself, before encryption.</param>
/// <param name="Sha256">Digest of the ONNX file itself, 64 lower-case hexadecimal digits.</param>
/// <param name="Encrypted">Whether the store holds it encrypted.</param>
/// <param name="SignedBy">Id of the key that signed it, if it is signed.</param>
public sealed record ArtifactInfo(long SizeBytes, string Sha256, bool Encrypted, string? SignedBy);
