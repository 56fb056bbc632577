using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Models;
using Platform.Contracts.Validations;
using Platform.Core.Models;
using Platform.Core.Models.Validations;
using Platform.Core.Results;

namespace Platform.Api.Validations;

internal static class ValidationEndpoints
{
    private const int MaxCommentLength = 1_000;

    public static RouteGroupBuilder MapValidations(this RouteGroupBuilder v1)
    {
        var version = v1.MapGroup("/models/{model}/versions/{version}").WithTags("Validation");
        version.MapPost("/validate", Validate).RequireAuthorization(Roles.Operator)
            .Produces<ValidationStartedResponse>(202).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        version.MapGet("/validations/{id}", Get).RequireAuthorization(Roles.Viewer).Produces<ValidationResponse>().ProducesProblem(404);
        version.MapGet("/validations", List).RequireAuthorization(Roles.Viewer).Produces<ListResponse<ValidationResponse>>().ProducesProblem(400).ProducesProblem(404);
        version.MapPost("/approve", Approve).RequireAuthorization(Roles.Approver)
            .Produces<ApprovalResponse>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        return v1;
    }

    [Idempotent]
    private static async Task<IResult> Validate(
        string model, string version, [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] ValidateRequest? request,
        IClusterClient cluster, ClaimsPrincipal user)
    {
        var outcome = await cluster.GetGrain<IModelQualityGrain>(model).BeginValidationAsync(version, request?.Dataset, user.ActorName());
        return outcome.Succeeded(out var run, out var refusal)
            ? Results.Accepted(
                $"/v1/models/{model}/versions/{Uri.EscapeDataString(run.Version.Version)}/validations/{run.Id}",
                new ValidationStartedResponse(run.Id, run.State))
            : refusal.ToResult();
    }

    private static async Task<IResult> Get(string model, string version, string id, IClusterClient cluster)
    {
        var known = await cluster.GetGrain<IModelGrain>(model).GetVersionAsync(version);
        if (known.Refusal is { } refusal) return refusal.ToResult();
        // An id that no run can have would only leave an empty activation behind.
        var run = Guid.TryParseExact(id, "n", out _)
            ? await cluster.GetGrain<IValidationGrain>($"{model}@{VersionNumber.Canonical(version)}/{id}").GetAsync()
            : null;
        return run is null
            ? Refusal.NotFound($"Version {version} of {model} has no validation {id}.").ToResult()
            : Results.Ok(ValidationResponse.From(run));
    }

    /// <summary>Newest first. A run is in the version's history from its first step on.</summary>
    private static async Task<IResult> List(string model, string version, int? page_size, string? page_token, IClusterClient cluster)
    {
        if (Paging.Refuse(page_size, page_token) is { } invalid) return invalid.ToResult();
        var before = page_token is null ? null : Paging.Decode(page_token);
        var grain = cluster.GetGrain<IModelGrain>(model);
        if (!(await grain.GetVersionAsync(version)).Succeeded(out var view, out var unknown)) return unknown.ToResult();
        var ids = (await grain.GetVersionHistoryAsync(view.Version))
            .Select(step => step.Evidence).Where(evidence => evidence?.Kind is EvidenceKind.ValidationRun)
            .Select(evidence => evidence!.Reference).Distinct()
            // Ids are UUIDs of version 7, which grow with time.
            .Where(id => before is null || string.CompareOrdinal(id, before) < 0).OrderDescending(StringComparer.Ordinal)
            .Take((page_size ?? Paging.DefaultSize) + 1).ToArray();
        var shown = ids.Take(page_size ?? Paging.DefaultSize).ToArray();
        var runs = await Task.WhenAll(shown.Select(id =>
            cluster.GetGrain<IValidationGrain>($"{model}@{VersionNumber.Canonical(view.Version)}/{id}").GetAsync()));
        return Results.Ok(new ListResponse<ValidationResponse>(
            [.. runs.OfType<ValidationRun>().Select(ValidationResponse.From)], ids.Length > shown.Length ? Paging.Encode(shown[^1]) : null));
    }

    private static async Task<IResult> Approve(
        string model, string version, ApproveRequest request, IClusterClient cluster, ClaimsPrincipal user)
    {
        if (request.Comment is not { Length: > 0 and <= MaxCommentLength } comment)
            return Refusal.Invalid("comment", $"Say why it may go to production, in 1 to {MaxCommentLength} characters.").ToResult();
        var outcome = await cluster.GetGrain<IModelQualityGrain>(model).ApproveAsync(version, comment, user.ActorName());
        return outcome.Succeeded(out var view, out var refusal)
            ? Results.Ok(new ApprovalResponse(view.Model, view.Version, view.Stage))
            : refusal.ToResult();
    }
}
