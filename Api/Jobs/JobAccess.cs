using System.Security.Claims;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Jobs;
using Platform.Core.Results;

namespace Platform.Api.Jobs;

/// <summary>A job that the caller may see, or the answer that he gets instead.</summary>
internal sealed record FoundJob(IJobGrain Grain, JobView View);

/// <summary>A job's routes name no model, so what the caller's key reaches is looked at here.</summary>
internal static class JobAccess
{
    public static async Task<(FoundJob? Job, IResult? Refused)> FindAsync(IClusterClient cluster, ClaimsPrincipal user, string id)
    {
        // An id that none can have would only leave an empty activation behind.
        if (!Guid.TryParseExact(id, "n", out _)) return (null, Unknown(id).ToResult());
        var grain = cluster.GetGrain<IJobGrain>(id);
        if (await grain.GetAsync() is not { } view) return (null, Unknown(id).ToResult());
        return user.MayUse(view.Job.Config.Model) ? (new(grain, view), null) : (null, Forbidden(view.Job.Config.Model));
    }

    public static IResult Forbidden(string model) => Results.Problem(
        statusCode: StatusCodes.Status403Forbidden, detail: $"This key is limited to certain models, and '{model}' is not one of them.");

    private static Refusal Unknown(string id) => Refusal.NotFound($"There is no job {id}.");
}
