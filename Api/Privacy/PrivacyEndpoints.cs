using System.Security.Claims;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Privacy;
using Platform.Core.Privacy;
using Platform.Core.Results;
using Platform.SharedState.Privacy;

namespace Platform.Api.Privacy;

internal static class PrivacyEndpoints
{
    public static RouteGroupBuilder MapPrivacy(this RouteGroupBuilder v1)
    {
        var group = v1.MapGroup("/privacy").WithTags("Privacy");
        group.MapPost("/erase", Erase).RequireAuthorization(Roles.Admin).WithoutBodyDigest()
            .Produces<ErasureResponse>().ProducesProblem(400).ProducesProblem(503);
        group.MapGet("/erasures/{id}", GetErasure).RequireAuthorization(Roles.Admin).Produces<ErasureResponse>().ProducesProblem(404);
        group.MapGet("/retention", GetRetention).RequireAuthorization(Roles.Viewer).Produces<DataRetentionResponse>();
        group.MapPut("/retention", PutRetention).RequireAuthorization(Roles.Admin)
            .Produces<DataRetentionResponse>().ProducesProblem(400).ProducesProblem(412);
        return v1;
    }

    private static async Task<IResult> Erase(EraseRequest request, SubjectVault subjects, IClusterClient cluster, ClaimsPrincipal user, HttpContext context)
    {
        if (ErasureRules.Refuse(request.Subject, "subject") is { } refusal) return refusal.ToResult();
        var names = subjects.NamesOf(request.Subject!);
        var receipt = await cluster.GetGrain<IErasureGrain>(names[0]).EraseAsync(
            new([.. names], user.ActorName(), user.FindFirstValue(ClaimTypes.NameIdentifier), context.TraceIdentifier));
        context.Response.Headers.Location = $"/v1/privacy/erasures/{receipt.Id:n}";
        return Results.Ok(ErasureResponse.From(receipt));
    }

    private static async Task<IResult> GetErasure(string id, ErasureStore erasures) =>
        Guid.TryParseExact(id, "n", out var number) && await erasures.FindAsync(number) is { } receipt
            ? Results.Ok(ErasureResponse.From(receipt))
            : Refusal.NotFound($"There is no completed erasure {id}.").ToResult();

    private static async Task<IResult> GetRetention(IClusterClient cluster, HttpResponse response) =>
        Answer(await Retention(cluster).GetAsync(), response);

    private static async Task<IResult> PutRetention(PutDataRetentionRequest request, IClusterClient cluster, HttpContext context)
    {
        if (!Etags.TryReadIfMatch(context.Request, out var revision, out var stale)) return stale!.ToResult();
        var outcome = await Retention(cluster).SetAsync(request.ToPolicy(), revision);
        return outcome.Succeeded(out var view, out var refusal) ? Answer(view, context.Response) : refusal.ToResult();
    }

    private static IResult Answer(DataRetentionView view, HttpResponse response)
    {
        response.Headers.ETag = Etags.Format(view.Revision);
        return Results.Ok(DataRetentionResponse.From(view));
    }

    private static IDataRetentionGrain Retention(IClusterClient cluster) => cluster.GetGrain<IDataRetentionGrain>(IDataRetentionGrain.Key);
}
