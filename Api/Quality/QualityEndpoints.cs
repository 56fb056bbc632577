using System.Collections.Immutable;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Models;
using Platform.Core;
using Platform.Core.Drift;
using Platform.Core.Quality;
using Platform.Core.Results;
using Platform.SharedState.Drift;
using Platform.SharedState.Quality;

namespace Platform.Api.Quality;

internal static class QualityEndpoints
{
    private const string InProduction = "@production";
    private static readonly TimeSpan DefaultWindow = TimeSpan.FromHours(1);
    private static readonly TimeSpan MinWindow = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MaxWindow = TimeSpan.FromDays(30);

    public static RouteGroupBuilder MapQuality(this RouteGroupBuilder v1)
    {
        v1.MapGet("/models/{model}/quality", Get).RequireAuthorization(Roles.Viewer).WithTags("Monitoring")
            .Produces<QualityResponse>().ProducesProblem(400).ProducesProblem(404);
        return v1.MapDrift();
    }

    /// <param name="version">An exact version, a range or a tag; left out, the one in production.</param>
    private static async Task<IResult> Get(
        string model, string? version, string? window, string? route, IClusterClient cluster, QualityStore quality, FeedbackStore feedback, DriftReader drift, TimeProvider clock)
    {
        var span = DefaultWindow;
        if (window is not null && !(DurationConverter.TryParse(window, out span) && span >= MinWindow && span <= MaxWindow))
            return Refusal.Invalid("window", $"Give a duration such as 15m or 24h, {DurationConverter.Format(MinWindow)} to {DurationConverter.Format(MaxWindow)}.").ToResult();
        var found = await cluster.GetGrain<IModelGrain>(model).GetVersionAsync(version ?? InProduction);
        if (!found.Succeeded(out var view, out var refusal)) return refusal.ToResult();

        var now = clock.GetUtcNow();
        var cover = QualityWindow.Cover(now - span, now, now);
        var slots = await quality.ReadAsync(model, view.Version, cover);
        var counts = QualityCounts.Sum(slots.Select(slot => slot.Of(route)));
        var calibration = Calibration.From(await quality.SumAsync(model, view.Version, now - MaxWindow, now));
        var estimate = QualityEstimate.From(counts, calibration, HasDrifted(await drift.ReadAsync(model, view.Version, DriftSpan(span))));
        var metrics = await feedback.MetricsAsync(model, view.Version);
        return Results.Ok(QualityReport.Of(model, view.Version, cover[0].Start, now, counts, estimate, calibration, metrics));
    }

    private static bool? HasDrifted(DriftStanding standing) => standing.Verdict switch
    {
        DriftVerdict.Drift => true,
        DriftVerdict.NoDrift => false,
        _ => null,
    };

    private static TimeSpan DriftSpan(TimeSpan window) => window < DriftWindow.Longest ? window : DriftWindow.Longest;
}
