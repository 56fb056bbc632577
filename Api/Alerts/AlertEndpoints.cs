using System.Globalization;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Alerts;
using Platform.Core.Alerts.Machine;
using Platform.Core.Results;
using Platform.SharedState.Alerts;

namespace Platform.Api.Alerts;

internal static class AlertEndpoints
{
    private static readonly TimeSpan HistoryKept = TimeSpan.FromDays(365);

    public static RouteGroupBuilder MapAlerts(this RouteGroupBuilder v1)
    {
        var alerts = v1.MapGroup("/alerts").WithTags("Alerts").RequireAuthorization(Roles.Viewer);
        alerts.MapGet("/", List).Produces<ListResponse<AlertResponse>>().ProducesProblem(400);
        alerts.MapGet("/history", History).Produces<ListResponse<AlertEvent>>().ProducesProblem(400);
        return v1;
    }

    private static async Task<IResult> List(
        string? state, string? model, int? page_size, string? page_token, AlertBoard board, IClusterClient cluster, TimeProvider clock)
    {
        if (Paging.Refuse(page_size, page_token) is { } refusal) return refusal.ToResult();
        if (state is not (null or "pending" or "firing" or "resolved")) return Refusal.Invalid("state", "Give pending, firing or resolved, or leave it out.").ToResult();
        var (now, size, after) = (clock.GetUtcNow(), page_size ?? Paging.DefaultSize, Paging.Decode(page_token));
        var all = await board.ReadAsync();
        var silences = await cluster.GetGrain<IAlertBookGrain>(IAlertBookGrain.Key).ListSilencesAsync();
        var firing = all.Where(one => one.Alert.State is AlertState.Firing).Select(one => one.Alert.Labels).ToArray();
        var wanted = all
            .Where(one => state is null || one.Alert.State == Enum.Parse<AlertState>(state, ignoreCase: true))
            .Where(one => model is null || one.Alert.Labels.GetValueOrDefault(AlertLabels.Model) == model)
            .Select(one => (Key: $"{one.Rule}/{one.Alert.Fingerprint}", Shown: one))
            .Where(one => after is null || string.CompareOrdinal(one.Key, after) > 0)
            .OrderBy(one => one.Key, StringComparer.Ordinal).Take(size + 1).ToArray();
        return Results.Ok(new ListResponse<AlertResponse>(
            [.. wanted.Take(size).Select(one => AlertResponse.From(one.Shown, silences, firing, now))],
            wanted.Length > size ? Paging.Encode(wanted[size - 1].Key) : null));
    }

    /// <param name="from">RFC 3339; left out, as far back as is kept.</param>
    private static async Task<IResult> History(
        string? rule, string? model, string? from, string? to, int? page_size, string? page_token, AlertBoard board, TimeProvider clock)
    {
        if (Paging.Refuse(page_size, page_token) is { } refusal) return refusal.ToResult();
        var skip = 0;
        if (page_token is not null && !int.TryParse(Paging.Decode(page_token), NumberStyles.None, CultureInfo.InvariantCulture, out skip)) return Paging.InvalidToken.ToResult();
        if (!Times.TryRead("to", to, clock.GetUtcNow(), out var end, out var badEnd)) return badEnd!.ToResult();
        if (!Times.TryRead("from", from, end - HistoryKept, out var begin, out var badBegin)) return badBegin!.ToResult();
        var size = page_size ?? Paging.DefaultSize;
        var found = (await board.HistoryAsync(begin, end, 0, AlertBoard.MaxEvents))
            .Where(one => (rule ?? one.Rule) == one.Rule && (model is null || one.Labels.GetValueOrDefault(AlertLabels.Model) == model)).Skip(skip).Take(size + 1).ToArray();
        return Results.Ok(new ListResponse<AlertEvent>(
            [.. found.Take(size)], found.Length > size ? Paging.Encode((skip + size).ToString(CultureInfo.InvariantCulture)) : null));
    }
}
