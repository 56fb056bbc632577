using Microsoft.Net.Http.Headers;
using Platform.Api.Access;
using Platform.Contracts.Models;
using Platform.Core.Compliance;
using Platform.Core.Results;
using Platform.Api.Conventions;

namespace Platform.Api.Compliance;

internal static class ComplianceEndpoints
{
    private const string Html = "text/html";

    public static RouteGroupBuilder MapCompliance(this RouteGroupBuilder v1)
    {
        v1.MapGet("/compliance/report", Report).WithTags("Compliance").RequireAuthorization(Roles.Viewer)
            .Produces<ComplianceReport>().Produces<string>(200, Html).ProducesProblem(400).ProducesProblem(404);
        return v1;
    }

    /// <param name="format">"json" or "html"; left out, what Accept asks for.</param>
    private static async Task<IResult> Report(
        string? model, string? format, HttpRequest request, IClusterClient cluster, ComplianceGathering gathering, CancellationToken cancellation)
    {
        if (string.IsNullOrEmpty(model)) return Refusal.Invalid("model", "Name the model that the report is about.").ToResult();
        if (format is not (null or "json" or "html")) return Refusal.Invalid("format", "Give json or html, or leave it out.").ToResult();
        var found = await cluster.GetGrain<IModelGrain>(model).GetAsync();
        if (!found.Succeeded(out var view, out var refusal)) return refusal.ToResult();
        var report = ComplianceReport.Of(await gathering.GatherAsync(view, cancellation), RulePack.Embedded);
        return format == "html" || (format is null && AsksForPage(request)) ? Results.Content(CompliancePage.Of(report), Html, System.Text.Encoding.UTF8) : Results.Ok(report);
    }

    private static bool AsksForPage(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var types)
        && types.OrderByDescending(type => type.Quality ?? 1).FirstOrDefault()?.MediaType.Value is Html;
}
