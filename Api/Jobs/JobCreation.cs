using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Jobs;
using Platform.Core.Jobs;
using Platform.Core.Privacy;
using Platform.Core.Results;
using Platform.SharedState.Privacy;

namespace Platform.Api.Jobs;

/// <summary>A job as JSON, or as a form that brings its rows along.</summary>
internal static class JobCreation
{
    private const string JobPart = "job";
    private const string InputPart = "input";
    private const int MaxJobBytes = 64 * 1024;

    [Idempotent, ChecksModels]
    public static async Task<IResult> Create(
        HttpRequest request, IClusterClient cluster, ClaimsPrincipal user, JobUpload upload, SubjectVault subjects, IOptions<JsonOptions> json,
        TimeProvider clock, CancellationToken cancellation)
    {
        string? subject = null;
        if (request.Headers.TryGetValue(ErasureRules.Header, out var given))
        {
            if (ErasureRules.Refuse(given, ErasureRules.Header) is { } invalid) return invalid.ToResult();
            subject = subjects.NameOf(given!);
        }

        if (request.HasJsonContentType())
        {
            var spec = await ReadAsync(request.Body, json.Value, cancellation);
            return (await CreateAsync(spec, subject, cluster, user, clock)).Answer;
        }

        request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = null;
        if (request.ContentLength > upload.MaxBytes + MaxJobBytes)
        {
            return new Refusal(
                RefusalReason.TooLarge, $"An input may have at most {upload.MaxBytes} bytes (Jobs:MaxInputBytes). The form has {request.ContentLength}.").ToResult();
        }

        return await CreateFromFormAsync(request, subject, cluster, user, upload, json.Value, clock, cancellation);
    }

    private static async Task<IResult> CreateFromFormAsync(
        HttpRequest request, string? subject, IClusterClient cluster, ClaimsPrincipal user, JobUpload upload, JsonOptions json, TimeProvider clock,
        CancellationToken cancellation)
    {
        if (HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(request.ContentType).Boundary).Value is not { Length: > 0 } boundary)
            return Refusal.Invalid("Content-Type", "Say the boundary of the form's parts.").ToResult();
        var reader = new MultipartReader(boundary, request.Body) { BodyLengthLimit = null };
        if (await NextAsync(reader, cancellation) is not { } first || NameOf(first) != JobPart)
            return Refusal.Invalid(JobPart, $"The first part is '{JobPart}', the job as JSON; the second is '{InputPart}', its rows.").ToResult();
        var spec = await ReadAsync(first.Body, json, cancellation);
        if (spec.Input?.Uri is not null) return Refusal.Invalid("input.uri", "Give a uri or send the rows, not both.").ToResult();
        if (await NextAsync(reader, cancellation) is not { } second || NameOf(second) != InputPart)
            return Refusal.Invalid(InputPart, $"The part '{InputPart}', the rows, is missing after '{JobPart}'.").ToResult();

        var (job, answer) = await CreateAsync(spec, subject, cluster, user, clock);
        if (job is null) return answer;
        var grain = cluster.GetGrain<IJobGrain>(job);
        var isKept = false;
        try
        {
            var outcome = await upload.ReceiveAsync(job, second.Body, null, null, cancellation);
            if (!outcome.Succeeded(out _, out var refusal)) return refusal.ToResult();
            var arrived = await grain.InputArrivedAsync();
            isKept = arrived.Value is not null;
            return arrived.Succeeded(out var view, out var gone) ? Accepted(view) : gone.ToResult();
        }
        catch (IOException e) when (e is not BadHttpRequestException && !cancellation.IsCancellationRequested)
        {
            return Refusal.Invalid(InputPart, $"The parts of the form cannot be told apart ({e.Message.TrimEnd('.')}).").ToResult();
        }
        finally
        {
            // Nobody knows the job's id, so nobody could go on with it.
            if (!isKept) await grain.CancelAsync(user.ActorName());
        }
    }

    private static async Task<(string? Job, IResult Answer)> CreateAsync(
        JobSpec spec, string? subject, IClusterClient cluster, ClaimsPrincipal user, TimeProvider clock)
    {
        if (!JobRules.Check(spec).Succeeded(out var config, out var invalid)) return (null, invalid.ToResult());
        if (!user.MayUse(config.Model)) return (null, JobAccess.Forbidden(config.Model));
        var job = Guid.CreateVersion7(clock.GetUtcNow()).ToString("n");
        var outcome = await cluster.GetGrain<IJobGrain>(job).CreateAsync(config with { Subject = subject }, user.ActorName());
        return outcome.Succeeded(out var view, out var refusal) ? (job, Accepted(view)) : (null, refusal.ToResult());
    }

    private static IResult Accepted(JobView view) => Results.Accepted($"/v1/jobs/{view.Job.Id}", JobResponse.Of(view));

    private static string? NameOf(MultipartSection section) => section.GetContentDispositionHeader()?.Name.Value?.Trim('"');

    /// <exception cref="BadHttpRequestException">It is no such JSON; the host's mapping says where.</exception>
    private static async Task<JobSpec> ReadAsync(Stream body, JsonOptions json, CancellationToken cancellation)
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<JobSpec>(body, json.SerializerOptions, cancellation)
                ?? throw new JsonException("The body is null.");
        }
        catch (JsonException e)
        {
            throw new BadHttpRequestException("The job cannot be read.", StatusCodes.Status400BadRequest, e);
        }
    }

    private static async Task<MultipartSection?> NextAsync(MultipartReader reader, CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadNextSectionAsync(cancellation);
        }
        catch (IOException e) when (e is not BadHttpRequestException)
        {
            throw new BadHttpRequestException($"The parts of the form cannot be told apart ({e.Message.TrimEnd('.')}).", e);
        }
    }
}
