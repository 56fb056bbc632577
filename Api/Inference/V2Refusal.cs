namespace Platform.Api.Inference;

/// <summary>An expected "no" of the V2 protocol, in the words that its clients know; REST and gRPC both tell it their way.</summary>
internal sealed record V2Refusal(int Status, string Error)
{
    public static V2Refusal UnknownModel(string model) => new(404, $"Request for unknown model: '{model}' is not found");

    public static V2Refusal NoVersions(string model) =>
        new(404, $"Request for unknown model: '{model}' has no available versions: nothing is in production. Deploy a version.");

    public static V2Refusal UnknownVersion(string model, string version, IEnumerable<string> deployed) => new(
        404, $"Request for unknown model: '{model}' version {version} is not found; deployed are: {string.Join(", ", deployed)}");

    public static V2Refusal NotReady(string model, string version) => new(
        503, $"Request for unknown model: '{model}' version {version} is not at ready state: Model version not ready on any worker");
}
