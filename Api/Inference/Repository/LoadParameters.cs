using Platform.Api.Inference.Protocol;

namespace Platform.Api.Inference.Repository;

/// <summary>What may be said with a load or an unload. Files and configurations come by the registry, where they are checked.</summary>
internal static class LoadParameters
{
    public const string Version = "version";
    private const string UnloadDependents = "unload_dependents";

    /// <param name="parameters">Name to value; the value is null where it is no text.</param>
    /// <param name="version">The version to load, where one is named.</param>
    public static V2Refusal? RefuseLoad(IEnumerable<KeyValuePair<string, string?>> parameters, out string? version)
    {
        version = null;
        foreach (var (name, value) in parameters)
        {
            if (name == Version && !string.IsNullOrEmpty(value)) version = value;
            else if (RefuseOne(name, "load") is { } refusal) return refusal;
        }

        return null;
    }

    /// <summary>No model here depends on another, so unloading dependents is always done.</summary>
    public static V2Refusal? RefuseUnload(IEnumerable<string> parameters) =>
        parameters.Where(name => name != UnloadDependents).Select(name => RefuseOne(name, "unload")).FirstOrDefault();

    public static IEnumerable<KeyValuePair<string, string?>> Of(IEnumerable<KeyValuePair<string, ModelRepositoryParameter>> parameters) =>
        parameters.Select(parameter => KeyValuePair.Create(
            parameter.Key,
            parameter.Value.ParameterChoiceCase == ModelRepositoryParameter.ParameterChoiceOneofCase.StringParam ? parameter.Value.StringParam : null));

    private static V2Refusal RefuseOne(string name, string call) => name switch
    {
        Version => new(400, $"The parameter 'version' of a {call} must be a text: the version to load, such as \"1.2.0\"."),
        "config" => new(400, "A load with 'config' is not supported: how a version is served is said when it is deployed "
            + "(POST /v1/models/{model}/deploy with \"config\")."),
        _ when name.StartsWith("file:", StringComparison.Ordinal) => new(400, $"A load with '{name}' is not supported: files are uploaded to the "
            + "registry, which checks, encrypts and signs them (PUT /v1/models/{model}/versions/{version}/artifact)."),
        _ => new(400, $"There is no parameter '{name}' of a {call}. Known: {(call == "load" ? Version : UnloadDependents)}."),
    };
}
