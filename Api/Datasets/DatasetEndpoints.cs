using System.Security.Claims;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Contracts.Models;
using Platform.Core.Models;
using Platform.Core.Models.Datasets;
using Platform.Core.Results;
using Platform.SharedState.Artifacts;

namespace Platform.Api.Datasets;

/// <param name="Sha256">Digest of the lines, or of the images.</param>
/// <param name="LabelsSha256">Digest of the labels of an idx dataset.</param>
/// <param name="Rows">Lines, or images.</param>
public sealed record DatasetResponse(
    string Name, DatasetFormat Format, string Sha256, string? LabelsSha256, long Rows, long SizeBytes, string By, DateTimeOffset At);

internal static class DatasetEndpoints
{
    private const string Jsonl = "application/jsonl";
    private const string OtherJsonl = "application/x-ndjson";
    private const string Form = "multipart/form-data";

    public static IServiceCollection AddDatasets(this IServiceCollection services)
    {
        services.AddOptions<DatasetOptions>().BindConfiguration(DatasetOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddSingleton<DatasetUpload>();
    }

    public static RouteGroupBuilder MapDatasets(this RouteGroupBuilder v1)
    {
        var datasets = v1.MapGroup("/models/{model}/datasets").WithTags("Validation");
        datasets.MapGet("/", List).RequireAuthorization(Roles.Viewer).Produces<ListResponse<DatasetResponse>>().ProducesProblem(404);
        datasets.MapPut("/{name}", Put).RequireAuthorization(Roles.Operator)
            .WithDescription(
                $"As {Jsonl}: a V2 infer request a line with a list `labels` beside its `inputs`, one label an item; for a model with one "
                + "input its numbers alone will do: {\"inputs\":[0.1,0.2],\"labels\":[1]}. "
                + $"As {Form}: the parts `images` and `labels`, MNIST's idx files of unsigned bytes, as they are or in gzip; the model is given "
                + "pixel / 255 as FP32 [N,1,rows,columns].")
            .Produces<DatasetResponse>().ProducesProblem(400).ProducesProblem(404).ProducesProblem(413).ProducesProblem(415).ProducesProblem(429);
        datasets.MapDelete("/{name}", Delete).RequireAuthorization(Roles.Operator).Produces(204).ProducesProblem(404);
        return v1;
    }

    private static async Task<IResult> List(string model, IClusterClient cluster)
    {
        var outcome = await cluster.GetGrain<IModelQualityGrain>(model).ListDatasetsAsync();
        return outcome.Succeeded(out var view, out var refusal)
            ? Results.Ok(new ListResponse<DatasetResponse>([.. view.Datasets.Select(ToResponse)], NextPageToken: null))
            : refusal.ToResult();
    }

    private static async Task<IResult> Put(
        string model, string name, string? format, HttpRequest request, IClusterClient cluster, ClaimsPrincipal user,
        DatasetUpload upload, ArtifactStore store, TimeProvider clock, CancellationToken cancellation)
    {
        if (FormatOf(request) is not { } sent)
            return Results.Problem(statusCode: 415, detail: $"Send rows with Content-Type: {Jsonl}, or idx files as {Form}.");
        if (format is not null && !format.Equals(sent.ToString(), StringComparison.OrdinalIgnoreCase))
            return Refusal.Invalid("format", "Give jsonl or idx, as Content-Type says it, or leave it out.").ToResult();
        var grain = cluster.GetGrain<IModelQualityGrain>(model);
        if (await grain.RefuseDatasetAsync(name) is { } refusal) return refusal.ToResult();

        // The upload has its own limit, which says what it is.
        request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        var read = await upload.ReadAsync(request, sent, cancellation);
        if (!read.Succeeded(out var stored, out var invalid)) return invalid.ToResult();
        var index = cluster.GetGrain<IModelIndexGrain>(IModelIndexGrain.Key);
        var content = await CommitAsync(stored.Content, store, index, cancellation);
        var labels = stored.Labels is { } staged ? await CommitAsync(staged, store, index, cancellation) : null;
        var uploaded = new DatasetInfo(name, stored.Format, content, labels, stored.Rows, user.ActorName(), clock.GetUtcNow());
        var put = await grain.PutDatasetAsync(uploaded);
        if (put.Succeeded(out var dataset, out var conflict)) return Results.Ok(ToResponse(dataset));
        foreach (var file in uploaded.Files) await index.LetGoAsync(file.Sha256);
        return conflict.ToResult();
    }

    private static async Task<IResult> Delete(string model, string name, IClusterClient cluster) =>
        (await cluster.GetGrain<IModelQualityGrain>(model).RemoveDatasetAsync(name)).Refusal is { } refusal ? refusal.ToResult() : Results.NoContent();

    private static async Task<ArtifactInfo> CommitAsync(
        StagedArtifact staged, ArtifactStore store, IModelIndexGrain index, CancellationToken cancellation)
    {
        await index.HoldAsync(staged.Sha256);
        return await store.CommitAsync(staged, cancellation);
    }

    private static DatasetFormat? FormatOf(HttpRequest request) =>
        !MediaTypeHeaderValue.TryParse(request.ContentType, out var type) ? null
        : type.MediaType.Equals(Jsonl, StringComparison.OrdinalIgnoreCase) || type.MediaType.Equals(OtherJsonl, StringComparison.OrdinalIgnoreCase)
            ? DatasetFormat.Jsonl
        : type.MediaType.Equals(Form, StringComparison.OrdinalIgnoreCase) ? DatasetFormat.Idx
        : null;

    private static DatasetResponse ToResponse(DatasetInfo dataset) => new(
        dataset.Name, dataset.Format, dataset.Content.Sha256, dataset.Labels?.Sha256, dataset.Rows, dataset.SizeBytes, dataset.By, dataset.At);
}
