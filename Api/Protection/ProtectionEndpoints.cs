using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Models;
using Platform.Core;
using Platform.Core.Protection;
using Platform.Core.Results;
using Platform.SharedState.Plans;
using Platform.SharedState.Protection;

namespace Platform.Api.Protection;

internal static class ProtectionEndpoints
{
    private static readonly TimeSpan DefaultWindow = TimeSpan.FromHours(1);

    public static RouteGroupBuilder MapProtection(this RouteGroupBuilder v1)
    {
        v1.MapGet("/models/{model}/versions/{version}/protection", Get).WithTags("Security").RequireAuthorization(Roles.Viewer)
            .Produces<ProtectionResponse>().ProducesProblem(400).ProducesProblem(404);
        v1.MapDelete("/models/{model}/throttled/{caller}", Release).WithTags("Security").RequireAuthorization(Roles.Admin)
            .Produces(204).ProducesProblem(404);
        v1.MapQuarantine();
        return v1;
    }

    private static async Task<IResult> Get(
        string model, string version, string? window, IClusterClient cluster, PlanFollower plans, ProtectionStore store, FindingStore findings,
        ThrottledCallers throttled)
    {
        var span = DefaultWindow;
        if (window is not null && !(DurationConverter.TryParse(window, out span) && span >= TimeSpan.FromMinutes(1) && span <= FindingStore.Retention))
            return Refusal.Invalid("window", $"Give a duration such as 15m or 24h, 1m to {DurationConverter.Format(FindingStore.Retention)}.").ToResult();
        if (!(await cluster.GetGrain<IModelGrain>(model).GetVersionAsync(version)).Succeeded(out var view, out var refusal)) return refusal.ToResult();
        var reference = await store.FindAsync(model, view.Version);
        var callers = await throttled.ReadAsync();
        return Results.Ok(new ProtectionResponse(
            model, view.Version, span, plans.Plans.GetValueOrDefault(model)?.Find(view.Version)?.Config.Protection, ToResponse(reference.Profile),
            reference.Squeezing, await findings.ReadAsync(model, view.Version, span),
            [.. callers.Where(caller => caller.Model == model).Select(caller => new ThrottledResponse(caller.Caller, caller.Until))]));
    }

    private static async Task<IResult> Release(string model, string caller, ThrottledCallers throttled, ThrottleGate gate)
    {
        if (!await throttled.RemoveAsync(model, caller)) return Refusal.NotFound($"The caller {caller} is not slowed down on {model}.").ToResult();
        await gate.RefreshAsync();
        return Results.NoContent();
    }

    private static ProtectionReferenceResponse? ToResponse(ReferenceProfile? profile) => profile is null
        ? null
        : new(profile.Source, profile.At, profile.Items, profile.Threshold, ReferenceProfile.FalsePositives, profile.Inputs);
}
