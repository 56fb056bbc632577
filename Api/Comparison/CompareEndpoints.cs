using System.Collections.Immutable;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Models;
using Platform.Core;
using Platform.Core.Measuring;
using Platform.Core.Models.Comparison;
using Platform.Core.Results;
using Platform.SharedState.Metrics;

namespace Platform.Api.Comparison;

/// <summary>Versions side by side; the first is what the others are compared with.</summary>
/// <param name="Window">The time before now that live figures are of.</param>
/// <param name="Metadata">Only what differs.</param>
/// <param name="Metrics">As declared.</param>
/// <param name="Measured">Live figures; left out where none were measured.</param>
/// <param name="Rates">Live rates with the significance of their differences; left out where none were measured.</param>
public sealed record CompareResponse(
    string Model,
    TimeSpan Window,
    ImmutableArray<string> Versions,
    ImmutableArray<FieldComparison> Metadata,
    ImmutableArray<FigureComparison> Metrics,
    FigureComparison SizeBytes,
    ImmutableArray<SignatureComparison> Signatures,
    ImmutableArray<FigureComparison>? Measured,
    ImmutableArray<RateComparison>? Rates)
{
    internal static CompareResponse From(string model, TimeSpan window, VersionComparison comparison) => new(
        model, window, comparison.Versions, comparison.Metadata, comparison.Metrics, comparison.SizeBytes, comparison.Signatures,
        comparison.Measured.IsEmpty ? null : comparison.Measured, comparison.Rates.IsEmpty ? null : comparison.Rates);
}

internal static class CompareEndpoints
{
    private static readonly TimeSpan DefaultWindow = TimeSpan.FromHours(1);
    private static readonly TimeSpan MaxWindow = TimeSpan.FromDays(30);

    public static RouteGroupBuilder MapComparison(this RouteGroupBuilder v1)
    {
        v1.MapGet("/models/{model}/compare", Compare).WithTags("Versions").RequireAuthorization(Roles.Viewer)
            .Produces<CompareResponse>().ProducesProblem(400).ProducesProblem(404);
        return v1;
    }

    private static async Task<IResult> Compare(string model, string? versions, string? window, IClusterClient cluster, MetricReader metrics, TimeProvider clock)
    {
        var asked = (versions ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (asked.Length is < ComparisonRules.MinVersions or > ComparisonRules.MaxVersions)
            return Refusal.Invalid("versions", $"Give {ComparisonRules.MinVersions} to {ComparisonRules.MaxVersions} versions, joined by commas.").ToResult();
        var span = DefaultWindow;
        if (window is not null && !(DurationConverter.TryParse(window, out span) && span >= TimeSpan.FromSeconds(1) && span <= MaxWindow))
            return Refusal.Invalid("window", $"Give a duration such as 15m or 1h, at least 1s and at most {DurationConverter.Format(MaxWindow)}.").ToResult();

        var grain = cluster.GetGrain<IModelGrain>(model);
        var found = await Task.WhenAll(asked.Select(grain.GetVersionAsync));
        if (found.FirstOrDefault(outcome => outcome.Refusal is not null)?.Refusal is { } unknown)
            return (unknown.Reason is RefusalReason.Invalid ? unknown with { Field = "versions" } : unknown).ToResult();
        var compared = found.Select(version => version.Value!).ToImmutableArray();
        var live = await LiveAsync(model, compared, span, metrics, clock.GetUtcNow());
        var outcome = ComparisonRules.Compare([.. compared.Select((version, i) => ToCompared(version, live[i]))]);
        return outcome.Succeeded(out var comparison, out var refusal)
            ? Results.Ok(CompareResponse.From(model, span, comparison))
            : refusal.ToResult();
    }

    private static async Task<ImmutableArray<MeasuredFigures?>> LiveAsync(
        string model, ImmutableArray<VersionView> versions, TimeSpan window, MetricReader metrics, DateTimeOffset now)
    {
        var reading = await metrics.ReadAsync(model, version: null, MetricWindow.Over(window, now));
        return LiveFigures.SideBySide([.. versions.Select(version => reading.Total(MetricSource.Api, version.Version))], window);
    }

    private static ComparedVersion ToCompared(VersionView version, MeasuredFigures? live) =>
        new(version.Version, version.Metadata, version.Artifact, version.Signature, live);
}
