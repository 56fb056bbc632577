using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Api.Serving;
using Platform.Core.Protection;
using Platform.Core.Results;
using Platform.SharedState.Protection;

namespace Platform.Api.Protection;

internal static class QuarantineEndpoints
{
    public static RouteGroupBuilder MapQuarantine(this RouteGroupBuilder v1)
    {
        v1.MapGet("/quarantine", List).WithTags("Security").RequireAuthorization(Roles.Viewer).Produces<ListResponse<QuarantinedRequest>>();
        v1.MapDelete("/quarantine/{digest}", Lift).WithTags("Security").RequireAuthorization(Roles.Admin).Produces(204).ProducesProblem(404);
        return v1;
    }

    private static async Task<IResult> List(QuarantineStore store) => Results.Ok(
        new ListResponse<QuarantinedRequest>([.. (await store.ReadAsync()).OrderByDescending(request => request.At)], NextPageToken: null));

    private static async Task<IResult> Lift(string digest, QuarantineStore store, Quarantine quarantine)
    {
        if (!await store.LiftAsync(digest)) return Refusal.NotFound($"No request is in quarantine as {digest}.").ToResult();
        await quarantine.RefreshAsync();
        return Results.NoContent();
    }
}
