using System.Security.Claims;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Alerts;
using Platform.Core.Models;
using Platform.Core.Results;

namespace Platform.Api.Alerts;

internal static class AlertRuleEndpoints
{
    private static readonly TimeSpan DefaultReplay = TimeSpan.FromHours(24);

    public static RouteGroupBuilder MapAlertRules(this RouteGroupBuilder v1)
    {
        var rules = v1.MapGroup("/alert-rules").WithTags("Alerts");
        rules.MapGet("/", List).RequireAuthorization(Roles.Viewer).Produces<ListResponse<AlertRuleResponse>>().ProducesProblem(400);
        rules.MapPost("/", Create).RequireAuthorization(Roles.Operator)
            .Produces<AlertRuleResponse>(201).ProducesProblem(400).ProducesProblem(409).ProducesProblem(429);
        rules.MapGet("/{rule}", Get).RequireAuthorization(Roles.Viewer).Produces<AlertRuleResponse>().ProducesProblem(404);
        rules.MapPut("/{rule}", Put).RequireAuthorization(Roles.Operator)
            .Produces<AlertRuleResponse>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(412);
        rules.MapDelete("/{rule}", Delete).RequireAuthorization(Roles.Operator).Produces(204).ProducesProblem(404).ProducesProblem(412);
        rules.MapGet("/{rule}/test", Test).RequireAuthorization(Roles.Viewer)
            .Produces<ReplayView>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(422);
        return v1;
    }

    private static async Task<IResult> List(string? model, int? page_size, string? page_token, IClusterClient cluster)
    {
        if (Paging.Refuse(page_size, page_token) is { } refusal) return refusal.ToResult();
        var names = await cluster.GetGrain<IAlertBookGrain>(IAlertBookGrain.Key).ListRulesAsync();
        var (after, size) = (Paging.Decode(page_token), page_size ?? Paging.DefaultSize);
        var found = new List<AlertRuleResponse>();
        foreach (var batch in names.Where(name => after is null || string.CompareOrdinal(name, after) > 0).Chunk(size + 1))
        {
            var views = await Task.WhenAll(batch.Select(name => cluster.GetGrain<IAlertRuleGrain>(name).GetAsync()));
            found.AddRange(views.Select(view => view.Value).OfType<AlertRuleView>().Where(view => (model ?? view.Rule.Model) == view.Rule.Model).Select(view => new AlertRuleResponse(view)));
            if (found.Count > size) break;
        }

        return Results.Ok(new ListResponse<AlertRuleResponse>([.. found.Take(size)], found.Count > size ? Paging.Encode(found[size - 1].Name) : null));
    }

    [Idempotent]
    private static async Task<IResult> Create(AlertRuleRequest request, IClusterClient cluster, ClaimsPrincipal user, HttpResponse response)
    {
        if (!request.ToRule(request.Name).Succeeded(out var rule, out var invalid)) return invalid.ToResult();
        var outcome = await cluster.GetGrain<IAlertRuleGrain>(rule.Name).CreateAsync(rule, user.ActorName());
        return Answer(outcome, response, body => Results.Created($"/v1/alert-rules/{rule.Name}", body));
    }

    private static async Task<IResult> Get(string rule, IClusterClient cluster, HttpResponse response) =>
        Answer(await cluster.GetGrain<IAlertRuleGrain>(rule).GetAsync(), response, Results.Ok);

    private static async Task<IResult> Put(
        string rule, AlertRuleRequest request, IClusterClient cluster, ClaimsPrincipal user, HttpRequest http, HttpResponse response)
    {
        if (!Etags.TryReadIfMatch(http, out var revision, out var stale)) return stale!.ToResult();
        if (request.Name is { } name && name != rule) return Refusal.Invalid("name", $"The path says {rule}; a rule keeps its name.").ToResult();
        if (!request.ToRule(rule).Succeeded(out var next, out var invalid)) return invalid.ToResult();
        return Answer(await cluster.GetGrain<IAlertRuleGrain>(rule).UpdateAsync(next, user.ActorName(), revision), response, Results.Ok);
    }

    private static async Task<IResult> Delete(string rule, IClusterClient cluster, HttpRequest http)
    {
        if (!Etags.TryReadIfMatch(http, out var revision, out var stale)) return stale!.ToResult();
        var outcome = await cluster.GetGrain<IAlertRuleGrain>(rule).DeleteAsync(revision);
        return outcome.Refusal is { } refusal ? refusal.ToResult() : Results.NoContent();
    }

    /// <param name="from">RFC 3339; a day before "to" when left out.</param>
    /// <param name="to">RFC 3339; now when left out.</param>
    private static async Task<IResult> Test(string rule, string? from, string? to, IClusterClient cluster, TimeProvider clock)
    {
        if (!Times.TryRead("to", to, clock.GetUtcNow(), out var end, out var badEnd)) return badEnd!.ToResult();
        if (!Times.TryRead("from", from, end - DefaultReplay, out var begin, out var badBegin)) return badBegin!.ToResult();
        if (!Names.IsValid(rule)) return Refusal.NotFound($"There is no alert rule {rule}.").ToResult();
        var outcome = await cluster.GetGrain<IAlertRuleGrain>(rule).TestAsync(begin, end);
        return outcome.Succeeded(out var replay, out var refusal) ? Results.Ok(replay) : refusal.ToResult();
    }

    private static IResult Answer(Outcome<AlertRuleView> outcome, HttpResponse response, Func<AlertRuleResponse, IResult> result)
    {
        if (!outcome.Succeeded(out var view, out var refusal)) return refusal.ToResult();
        response.Headers.ETag = Etags.Format(view.Revision);
        return result(new AlertRuleResponse(view));
    }
}
