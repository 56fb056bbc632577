using System.Collections.Immutable;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Models;
using Platform.Core.Measuring;
using Platform.SharedState.Metrics;

namespace Platform.Api.Measuring;

internal static class MetricEndpoints
{
    public static RouteGroupBuilder MapMeasuring(this RouteGroupBuilder v1)
    {
        v1.MapGet("/models/{model}/metrics", Read).WithTags("Monitoring").RequireAuthorization(Roles.Viewer)
            .Produces<MetricsResponse>().ProducesProblem(400).ProducesProblem(404);
        return v1;
    }

    private static async Task<IResult> Read(
        string model, string? version, string? window, string? step, DateTimeOffset? from, DateTimeOffset? to,
        IClusterClient cluster, MetricReader reader, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        if (!MetricQuery.Parse(window, step, from, to, now).Succeeded(out var asked, out var refusal)) return refusal.ToResult();
        var grain = cluster.GetGrain<IModelGrain>(model);
        if ((await grain.GetAsync()).Refusal is { } unknown) return unknown.ToResult();
        if (version is not null)
        {
            if (!(await grain.GetVersionAsync(version)).Succeeded(out var found, out var none)) return none.ToResult();
            version = found.Version;
        }

        return Results.Ok(ToResponse(model, await reader.ReadAsync(model, version, asked), now));
    }

    private static MetricsResponse ToResponse(string model, MetricReading reading, DateTimeOffset now)
    {
        var window = reading.Window;
        return new(
            model, window.From, window.To, window.Step, window.Resolution,
            [.. reading.Series.Where(series => series.Key.Source is MetricSource.Api).Select(series => ToSeries(series, window, now))],
            [.. reading.Series.Where(series => series.Key.Source is MetricSource.Worker).Select(series => series.Key.Version).Distinct()
                .Select(version => ToWorkers(version, reading))]);
    }

    private static SeriesResponse ToSeries(MetricSeries series, MetricWindow window, DateTimeOffset now) => new(
        series.Key.Version,
        series.Key.Route,
        MetricPoint.Of(window.From, Seconds(window.From, window.To, now), series.Total()),
        [.. series.Steps.Select((counts, step) => MetricPoint.Of(
            window.Begin(step), Seconds(window.Begin(step), window.Begin(step + 1), now), counts))]);

    private static WorkerSeriesResponse ToWorkers(string version, MetricReading reading) => new(
        version,
        reading.Total(MetricSource.Worker, version).BatchSize.Bins()
            .GroupBy(bin => (int)Math.Round(bin.Value)).ToImmutableSortedDictionary(size => size.Key, size => size.Sum(bin => bin.Count)),
        [.. reading.Steps(MetricSource.Worker, version).Select((counts, step) => WorkerPoint.Of(reading.Window.Begin(step), counts))]);

    /// <summary>Of a step that is not over, what has passed; nobody answered in its future.</summary>
    private static double Seconds(DateTimeOffset begin, DateTimeOffset end, DateTimeOffset now) =>
        Math.Max(1, ((end < now ? end : now) - begin).TotalSeconds);
}
