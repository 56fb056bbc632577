using System.Security.Claims;
using Microsoft.AspNetCore.Http.Features;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Jobs;
using Platform.Core.Jobs;
using Platform.SharedState.Jobs;

namespace Platform.Api.Jobs;

internal static class JobEndpoints
{
    private const string OffsetHeader = "Upload-Offset";

    public static RouteGroupBuilder MapJobs(this RouteGroupBuilder v1)
    {
        var jobs = v1.MapGroup("/jobs").WithTags("Jobs");
        jobs.MapPost("", JobCreation.Create).RequireAuthorization(Roles.Operator)
            .Accepts<JobSpec>("application/json", "multipart/form-data")
            .WithDescription("As application/json, with the rows to follow (PUT …/input) or at a uri; or as multipart/form-data: the part `job`, the same JSON, and then the part `input`, the rows.")
            .Produces<JobResponse>(202).ProducesProblem(400).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(413).ProducesProblem(429);
        jobs.MapGet("", List).RequireAuthorization(Roles.Viewer).Produces<ListResponse<JobResponse>>().ProducesProblem(400);
        jobs.MapGet("/{id}", Get).RequireAuthorization(Roles.Viewer).Produces<JobResponse>().ProducesProblem(404);
        jobs.MapGet("/{id}/input", GetInput).RequireAuthorization(Roles.Viewer).Produces<JobInputResponse>().ProducesProblem(404);
        jobs.MapPut("/{id}/input", PutInput).RequireAuthorization(Roles.Operator)
            .WithDescription("The rows as they are. In parts with Content-Range; after a broken connection GET …/input says where to go on.")
            .Produces<JobResponse>().Produces<JobResponse>(202).ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(413);
        jobs.MapGet("/{id}/output", JobDownloads.Output).RequireAuthorization(Roles.Viewer)
            .Produces(200, contentType: "application/octet-stream").ProducesProblem(404).ProducesProblem(409);
        jobs.MapGet("/{id}/errors", JobDownloads.Errors).RequireAuthorization(Roles.Viewer)
            .Produces(200, contentType: JobDownloads.Jsonl).ProducesProblem(404);
        jobs.MapGet("/{id}/events", JobEvents.Stream).RequireAuthorization(Roles.Viewer)
            .Produces(200, contentType: "text/event-stream").ProducesProblem(404);
        jobs.MapPost("/{id}/cancel", Cancel).RequireAuthorization(Roles.Operator).Produces<JobResponse>().ProducesProblem(404).ProducesProblem(409);
        return v1;
    }

    [ChecksModels]
    private static async Task<IResult> List(
        string? model, int? page_size, string? page_token, JobIndex index, IClusterClient cluster, ClaimsPrincipal user)
    {
        if (Paging.Refuse(page_size, page_token) is { } invalid) return invalid.ToResult();
        var after = Paging.Decode(page_token);
        var ids = (await index.ListAsync())
            .Where(job => user.MayUse(job.Value) && (model is null || job.Value == model))
            .Select(job => job.Key)
            .Where(id => after is null || string.CompareOrdinal(id, after) < 0)
            .ToArray();
        var page = ids.Take(page_size ?? Paging.DefaultSize).ToArray();
        var views = await Task.WhenAll(page.Select(id => cluster.GetGrain<IJobGrain>(id).GetAsync()));
        var next = page.Length < ids.Length ? Paging.Encode(page[^1]) : null;
        return Results.Ok(new ListResponse<JobResponse>([.. views.OfType<JobView>().Select(JobResponse.Of)], next));
    }

    [ChecksModels]
    private static async Task<IResult> Get(string id, IClusterClient cluster, ClaimsPrincipal user)
    {
        var (job, refused) = await JobAccess.FindAsync(cluster, user, id);
        return job is null ? refused! : Results.Ok(JobResponse.Of(job.View));
    }

    [ChecksModels]
    private static async Task<IResult> GetInput(string id, IClusterClient cluster, ClaimsPrincipal user, HttpResponse response)
    {
        var (job, refused) = await JobAccess.FindAsync(cluster, user, id);
        if (job is null) return refused!;
        response.Headers[OffsetHeader] = Text(job.View.ReceivedBytes);
        return Results.Ok(JobResponse.Of(job.View).Input);
    }

    [ChecksModels]
    private static async Task<IResult> PutInput(
        string id, HttpRequest request, IClusterClient cluster, ClaimsPrincipal user, JobUpload upload, JobInputStore inputs, CancellationToken cancellation)
    {
        InputRange? range = null;
        if (request.Headers.ContentRange.ToString() is { Length: > 0 } text && (range = InputRange.Parse(text)) is null)
            return Core.Results.Refusal.Invalid("Content-Range", InputRange.Rule).ToResult();
        var (job, refused) = await JobAccess.FindAsync(cluster, user, id);
        if (job is null) return refused!;
        if (!job.View.Job.TakesInput) return Core.Results.Refusal.Conflict($"Job {id} takes no rows: {job.View.Job.Detail}").ToResult();

        // The upload has its own limit, which says what it is.
        request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = null;
        var outcome = await upload.ReceiveAsync(id, request.Body, request.ContentLength, range, cancellation);
        if (!outcome.Succeeded(out var uploaded, out var refusal))
        {
            request.HttpContext.Response.Headers[OffsetHeader] = Text((await inputs.ReadAsync(id)).ReceivedBytes);
            return refusal.ToResult();
        }

        request.HttpContext.Response.Headers[OffsetHeader] = Text(uploaded.ReceivedBytes);
        if (!uploaded.Complete) return Results.Accepted($"/v1/jobs/{id}/input", JobResponse.Of((await job.Grain.GetAsync())!));
        var arrived = await job.Grain.InputArrivedAsync();
        return arrived.Succeeded(out var view, out var gone) ? Results.Ok(JobResponse.Of(view)) : gone.ToResult();
    }

    [ChecksModels]
    private static async Task<IResult> Cancel(string id, IClusterClient cluster, ClaimsPrincipal user)
    {
        var (job, refused) = await JobAccess.FindAsync(cluster, user, id);
        if (job is null) return refused!;
        var outcome = await job.Grain.CancelAsync(user.ActorName());
        return outcome.Succeeded(out var view, out var refusal) ? Results.Ok(JobResponse.Of(view)) : refusal.ToResult();
    }

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
