using System.Collections.Immutable;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Models;
using Platform.Core;
using Platform.Core.Drift;
using Platform.Core.Results;
using Platform.SharedState.Drift;

namespace Platform.Api.Quality;

internal static class DriftEndpoints
{
    private const string InProduction = "@production";

    public static RouteGroupBuilder MapDrift(this RouteGroupBuilder v1)
    {
        v1.MapGet("/models/{model}/drift", Get).RequireAuthorization(Roles.Viewer).WithTags("Monitoring")
            .Produces<DriftResponse>().ProducesProblem(400).ProducesProblem(404);
        return v1;
    }

    /// <param name="version">An exact version, a range or a tag; left out, the one in production.</param>
    private static async Task<IResult> Get(string model, string? version, string? window, IClusterClient cluster, DriftReader drift)
    {
        var span = DriftWindow.LongestOfMinutes;
        if (window is not null && !(DurationConverter.TryParse(window, out span) && span >= DriftWindow.Shortest && span <= DriftWindow.Longest))
            return Refusal.Invalid("window", $"Give a duration such as 15m or 24h, {DurationConverter.Format(DriftWindow.Shortest)} to {DurationConverter.Format(DriftWindow.Longest)}.").ToResult();
        var found = await cluster.GetGrain<IModelGrain>(model).GetVersionAsync(version ?? InProduction);
        return found.Succeeded(out var view, out var refusal)
            ? Results.Ok(ToResponse(model, view.Version, span, await drift.ReadAsync(model, view.Version, span)))
            : refusal.ToResult();
    }

    private static DriftResponse ToResponse(string model, string version, TimeSpan window, DriftStanding standing) => new(
        model, version, standing.Verdict, window, standing.Report?.Items ?? 0, standing.Report?.Score, DriftTest.Level,
        standing.Reference is { } reference ? new(reference.Source, reference.At, standing.ReferenceItems, reference.Target) : null,
        Features(standing.Report, isOutput: false), Features(standing.Report, isOutput: true));

    private static ImmutableArray<FeatureDriftResponse>? Features(DriftReport? report, bool isOutput) =>
        report?.Features.Where(feature => feature.IsOutput == isOutput).Select(feature => new FeatureDriftResponse(
            feature.Name, feature.Test, feature.Statistic, feature.Threshold, feature.P, feature.N, feature.Verdict,
            feature.Psi?.Statistic, feature.Psi?.Threshold)).ToImmutableArray();
}
