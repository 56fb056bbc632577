using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Platform.SharedState.Artifacts.Signing;

/// <summary>
/// What is signed: an in-toto Statement v1 with the predicate of OpenSSF Model Signing v1.0. An artifact is a model of one
/// file, <c>model.onnx</c>; the subject's digest is taken over the digests of all files, here over that one.
/// </summary>
internal sealed record ModelStatement(
    [property: JsonPropertyName("_type")] string Type,
    IReadOnlyList<StatementSubject> Subject,
    string PredicateType,
    ModelPredicate Predicate)
{
    public const string MediaType = "application/vnd.in-toto+json";
    private const string StatementType = "https://in-toto.io/Statement/v1";
    private const string ModelSigning = "https://model_signing/signature/v1.0";
    private const string FileName = "model.onnx";
    private const string SignatureFileName = "model.sig";

    public static ModelStatement Of(string sha256) => new(
        StatementType,
        [new StatementSubject(FileName, new Dictionary<string, string> { ["sha256"] = RootDigest(sha256) })],
        ModelSigning,
        new ModelPredicate(
            new ModelSerialization("files", "sha256", AllowSymlinks: false, [SignatureFileName]),
            [new SignedResource(FileName, "sha256", sha256)]));

    /// <summary>Whether this says that the model of the one file with this digest is the signer's.</summary>
    public bool IsOf(string sha256) =>
        Type == StatementType && PredicateType == ModelSigning
        && Subject is [var subject] && subject.Digest.GetValueOrDefault("sha256") == RootDigest(sha256)
        && Predicate.Resources is [{ Algorithm: "sha256" } resource] && resource.Digest == sha256;

    private static string RootDigest(string sha256) => Convert.ToHexStringLower(SHA256.HashData(Convert.FromHexString(sha256)));
}

internal sealed record StatementSubject(string Name, IReadOnlyDictionary<string, string> Digest);

internal sealed record ModelPredicate(ModelSerialization Serialization, IReadOnlyList<SignedResource> Resources);

internal sealed record ModelSerialization(
    string Method,
    [property: JsonPropertyName("hash_type")] string HashType,
    [property: JsonPropertyName("allow_symlinks")] bool AllowSymlinks,
    [property: JsonPropertyName("ignore_paths")] IReadOnlyList<string> IgnorePaths);

internal sealed record SignedResource(string Name, string Algorithm, string Digest);
