using System.Security.Claims;
using Platform.Api.Access;
using Platform.Api.Conventions;

namespace Platform.Api.Inference.Statistics;

/// <summary>The statistics extension.</summary>
internal static class StatisticsEndpoints
{
    public static RouteGroupBuilder MapStatistics(this RouteGroupBuilder v2)
    {
        var group = v2.MapGroup("").RequireControlPlane().RequireAuthorization(Roles.Inference).WithTags("Inference");
        foreach (var path in (string[])["/models/stats", "/models/{model}/stats", "/models/{model}/versions/{version}/stats"])
            group.MapGet(path, Get).Produces(200, contentType: "application/json");
        return v2;
    }

    private static async Task<IResult> Get(
        string? model, string? version, ClaimsPrincipal caller, PlatformStatistics statistics, CancellationToken cancellation)
    {
        var (response, refusal) = await statistics.ReadAsync(model, version, caller, cancellation);
        return refusal?.ToResult() ?? ProtoJson.ToResult(response!);
    }
}
