using System.Collections.Immutable;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Models;
using Platform.Core.Models.Gates;
using Platform.Core.Results;

namespace Platform.Api.Gates;

/// <param name="Gates">All of them; they replace those before. An empty list asks for nothing.</param>
public sealed record PutGatesRequest(ImmutableArray<Gate>? Gates);

public sealed record GatesResponse(ImmutableArray<Gate> Gates);

internal static class GateEndpoints
{
    public static RouteGroupBuilder MapGates(this RouteGroupBuilder v1)
    {
        var gates = v1.MapGroup("/models/{model}/gates").WithTags("Validation");
        gates.MapGet("/", Get).RequireAuthorization(Roles.Viewer).Produces<GatesResponse>().ProducesProblem(404);
        gates.MapPut("/", Put).RequireAuthorization(Roles.Operator)
            .Produces<GatesResponse>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(412);
        return v1;
    }

    private static async Task<IResult> Get(string model, IClusterClient cluster, HttpResponse response) =>
        Answer(await cluster.GetGrain<IModelQualityGrain>(model).GetGatesAsync(), response);

    private static async Task<IResult> Put(
        string model, PutGatesRequest request, IClusterClient cluster, HttpRequest http, HttpResponse response)
    {
        if (!Etags.TryReadIfMatch(http, out var revision, out var stale)) return stale!.ToResult();
        var gates = request.Gates ?? default;
        // Looked at here too: a gate that is null does not travel to the grain.
        if (GateRules.Refuse(gates) is { } invalid) return invalid.ToResult();
        return Answer(await cluster.GetGrain<IModelQualityGrain>(model).SetGatesAsync(gates, revision), response);
    }

    private static IResult Answer(Outcome<GatesView> outcome, HttpResponse response)
    {
        if (!outcome.Succeeded(out var view, out var refusal)) return refusal.ToResult();
        response.Headers.ETag = Etags.Format(view.Revision);
        return Results.Ok(new GatesResponse(view.Gates));
    }
}
