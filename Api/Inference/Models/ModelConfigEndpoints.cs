using Platform.Api.Access;

namespace Platform.Api.Inference.Models;

/// <summary>The model configuration extension.</summary>
internal static class ModelConfigEndpoints
{
    public static RouteGroupBuilder MapModelConfig(this RouteGroupBuilder v2)
    {
        foreach (var path in (string[])["/models/{model}/config", "/models/{model}/versions/{version}/config"])
            v2.MapGet(path, Get).RequireAuthorization(Roles.Inference).WithTags("Inference").Produces(200, contentType: "application/json");
        return v2;
    }

    private static IResult Get(string model, string? version, ServedModels models)
    {
        var (placed, refusal) = models.Find(model, version);
        return refusal?.ToResult() ?? ProtoJson.ToResult(ModelConfigs.Of(model, placed!));
    }
}
