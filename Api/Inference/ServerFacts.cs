using System.Collections.Immutable;

namespace Platform.Api.Inference;

/// <summary>What the server says of itself to V2 clients.</summary>
internal static class ServerFacts
{
    public const string OnnxPlatform = "onnxruntime_onnx";

    /// <summary>Exactly the extensions that work.</summary>
    public static readonly ImmutableArray<string> Extensions =
        ["classification", "model_repository", "schedule_policy", "model_configuration", "binary_tensor_data", "parameters", "statistics"];

    public static string Version { get; } = typeof(ServerFacts).Assembly.GetName().Version!.ToString(3);
}
