using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Models;
using Platform.Contracts.Validations;
using Platform.Core.Models;
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
