using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Alerts;
using Platform.Core.Models;
using Platform.Core.Results;
using Platform.SharedState.Alerts;

namespace Platform.Api.Alerts;

internal static class ChannelEndpoints
{
    public static RouteGroupBuilder MapChannels(this RouteGroupBuilder v1)
    {
        var channels = v1.MapGroup("/channels").WithTags("Alerts");
        channels.MapGet("/", List).RequireAuthorization(Roles.Viewer).Produces<ListResponse<ChannelResponse>>();
        channels.MapGet("/{name}", Get).RequireAuthorization(Roles.Viewer).Produces<ChannelResponse>().ProducesProblem(404);
        channels.MapPut("/{name}", Put).RequireAuthorization(Roles.Operator)
            .Produces<ChannelResponse>().ProducesProblem(400).ProducesProblem(412).ProducesProblem(429);
        channels.MapDelete("/{name}", Delete).RequireAuthorization(Roles.Operator).Produces(204).ProducesProblem(404).ProducesProblem(412);
        channels.MapGet("/{name}/dead-letters", ListDeadLetters).RequireAuthorization(Roles.Viewer).Produces<ListResponse<DeadLetter>>().ProducesProblem(404);
        channels.MapPost("/{name}/dead-letters/{id}/resend", Resend).RequireAuthorization(Roles.Operator)
            .Produces(204).ProducesProblem(404).ProducesProblem(422);
        return v1;
    }

    private static async Task<IResult> List(int? page_size, string? page_token, IClusterClient cluster)
    {
        if (Paging.Refuse(page_size, page_token) is { } refusal) return refusal.ToResult();
        var (size, after) = (page_size ?? Paging.DefaultSize, Paging.Decode(page_token));
        var found = (await Book(cluster).ListChannelsAsync()).Where(view => after is null || string.CompareOrdinal(view.Channel.Name, after) > 0).Take(size + 1).ToArray();
        return Results.Ok(new ListResponse<ChannelResponse>(
            [.. found.Take(size).Select(ChannelResponse.From)], found.Length > size ? Paging.Encode(found[size - 1].Channel.Name) : null));
    }

    private static async Task<IResult> Get(string name, IClusterClient cluster, HttpResponse response) => Answer(await Book(cluster).GetChannelAsync(name), response);

    private static async Task<IResult> Put(string name, ChannelRequest request, IClusterClient cluster, HttpRequest http, HttpResponse response)
    {
        if (!Etags.TryReadIfMatch(http, out var revision, out var stale)) return stale!.ToResult();
        if (!Names.IsValid(name)) return Refusal.Invalid("name", Names.Rule).ToResult();
        if (!request.ToChannel(name).Succeeded(out var channel, out var invalid)) return invalid.ToResult();
        return Answer(await Book(cluster).PutChannelAsync(channel, request.ToSecrets(), revision), response);
    }

    private static async Task<IResult> Delete(string name, IClusterClient cluster, HttpRequest http)
    {
        if (!Etags.TryReadIfMatch(http, out var revision, out var stale)) return stale!.ToResult();
        var outcome = await Book(cluster).RemoveChannelAsync(name, revision);
        return outcome.Refusal is { } refusal ? refusal.ToResult() : Results.NoContent();
    }

    private static async Task<IResult> ListDeadLetters(string name, int? page_size, string? page_token, IClusterClient cluster, DeadLetters letters)
    {
        if (Paging.Refuse(page_size, page_token) is { } bad) return bad.ToResult();
        if ((await Book(cluster).GetChannelAsync(name)).Refusal is { } refusal) return refusal.ToResult();
        var (size, after) = (page_size ?? Paging.DefaultSize, Paging.Decode(page_token));
        var rest = (await letters.ListAsync(name)).SkipWhile(letter => after is not null && letter.Id != after).Skip(after is null ? 0 : 1).Take(size + 1).ToArray();
        return Results.Ok(new ListResponse<DeadLetter>([.. rest.Take(size)], rest.Length > size ? Paging.Encode(rest[size - 1].Id) : null));
    }

    private static async Task<IResult> Resend(string name, string id, IClusterClient cluster, DeadLetters letters)
    {
        if (await letters.FindAsync(name, id) is not { } letter) return Refusal.NotFound($"Channel {name} has no dead letter {id}.").ToResult();
        var outcome = await cluster.GetGrain<IAlertGroupGrain>(letter.Group).ResendAsync(id);
        return outcome.Refusal is { } refusal ? refusal.ToResult() : Results.NoContent();
    }

    private static IResult Answer(Outcome<ChannelView> outcome, HttpResponse response)
    {
        if (!outcome.Succeeded(out var view, out var refusal)) return refusal.ToResult();
        response.Headers.ETag = Etags.Format(view.Revision);
        return Results.Ok(ChannelResponse.From(view));
    }

    private static IAlertBookGrain Book(IClusterClient cluster) => cluster.GetGrain<IAlertBookGrain>(IAlertBookGrain.Key);
}
