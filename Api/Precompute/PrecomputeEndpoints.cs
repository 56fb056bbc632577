using System.Security.Claims;
using Microsoft.Extensions.Options;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Api.Serving;
using Platform.Contracts.Models;
using Platform.Core.Models.Datasets;
using Platform.Core.Results;
using Platform.SharedState.Artifacts;
using Platform.SharedState.Plans;

namespace Platform.Api.Precompute;

/// <param name="Dataset">Name of one of the model's datasets; each of its rows is asked once.</param>
public sealed record PrecomputeRequest(string? Dataset);

/// <param name="Rows">Rows that were asked, each in JSON and in binary.</param>
/// <param name="Computed">Answers that were not remembered before.</param>
/// <param name="Remembered">Answers that were.</param>
/// <param name="Failed">Requests that got no answer.</param>
public sealed record PrecomputeResponse(int Rows, int Computed, int Remembered, int Failed, double DurationMs);

/// <summary>Fills the cache with the answers to a dataset, before anybody asks for them.</summary>
internal static class PrecomputeEndpoints
{
    /// <summary>Between the request's brace and the rest of it: the form in which most clients want their outputs.</summary>
    private static readonly byte[] BinaryOutputs = "{\"parameters\":{\"binary_data_output\":true},"u8.ToArray();

    public static RouteGroupBuilder MapPrecompute(this RouteGroupBuilder v1)
    {
        v1.MapPost("/models/{model}/versions/{version}/precompute", Precompute).RequireAuthorization(Roles.Operator).WithTags("Deployments")
            .WithDescription("Answers when all rows have been asked; give the call time for that.")
            .Produces<PrecomputeResponse>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(409).ProducesProblem(422);
        return v1;
    }

    private static async Task<IResult> Precompute(
        string model, string version, PrecomputeRequest request, IClusterClient cluster, PlanFollower plans, InferencePath path, ArtifactStore store,
        IOptions<CacheOptions> options, TimeProvider clock, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (request.Dataset is not { Length: > 0 } name) return Refusal.Invalid("dataset", "Name one of the model's datasets.").ToResult();
        if (!plans.Plans.TryGetValue(model, out var plan) || plan.Find(version) is not { } placed)
            return Refusal.Conflict($"Version {version} of {model} is not deployed, so nothing can answer for it.").ToResult();
        if (placed.Config.Cache?.Ttl is not { } ttl || ttl <= TimeSpan.Zero)
            return Refusal.Conflict($"Version {placed.Version} remembers no answers. Deploy it with config.cache.ttl.").ToResult();
        var listed = await cluster.GetGrain<IModelQualityGrain>(model).ListDatasetsAsync();
        if (!listed.Succeeded(out var view, out var refusal)) return refusal.ToResult();
        if (view.Datasets.FirstOrDefault(one => one.Name == name) is not { } dataset)
            return Refusal.NotFound($"{model} has no dataset '{name}'.").ToResult();
        if (dataset.Rows > options.Value.PrecomputeMaxRows)
            return Refusal.CheckFailed($"The dataset has {dataset.Rows} rows; one call takes at most {options.Value.PrecomputeMaxRows} (Cache:PrecomputeMaxRows).").ToResult();

        var started = clock.GetTimestamp();
        var tally = new Tally();
        try
        {
            var requests = DatasetRequests.Of(dataset, await store.ReadAsync(dataset.Content, cancellation), placed.Signature);
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Value.PrecomputeConcurrency, CancellationToken = cancellation };
            await Parallel.ForEachAsync(requests, parallel, async (body, token) =>
            {
                tally.Row();
                foreach (var form in (byte[][])[body, [.. BinaryOutputs, .. body.AsSpan(1)]])
                {
                    var call = new InferenceCall { Model = model, Version = placed.Version, RequestId = Guid.CreateVersion7().ToString(), Caller = user, Body = form, ContentType = "application/json" };
                    tally.Count(await path.AskAsync(call, token));
                }
            });
        }
        catch (DatasetException e)
        {
            return Refusal.CheckFailed($"Dataset '{name}' cannot be asked: {e.Message}").ToResult();
        }

        return Results.Ok(tally.ToResponse(clock.GetElapsedTime(started)));
    }

    private sealed class Tally
    {
        private int rows;
        private int computed;
        private int remembered;
        private int failed;

        public void Row() => Interlocked.Increment(ref rows);

        public void Count(InferenceAnswer answer)
        {
            if (answer.Status != StatusCodes.Status200OK || answer.Route == Degradation.Route) Interlocked.Increment(ref failed);
            else if (answer.Route == AnswerCache.Route) Interlocked.Increment(ref remembered);
            else Interlocked.Increment(ref computed);
        }

        public PrecomputeResponse ToResponse(TimeSpan elapsed) => new(rows, computed, remembered, failed, Math.Round(elapsed.TotalMilliseconds, 1));
    }
}
