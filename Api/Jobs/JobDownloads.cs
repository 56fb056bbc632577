using System.Security.Claims;
using System.Text.Json;
using Platform.Api.Access;
using Platform.Api.Conventions;
using Platform.Core;
using Platform.Core.Jobs;
using Platform.Core.Results;
using Platform.SharedState.Jobs;

namespace Platform.Api.Jobs;

/// <summary>What a job brought forth, decrypted as it is sent.</summary>
internal static class JobDownloads
{
    public const string Jsonl = "application/jsonl";
    private static readonly byte[] NewLine = [(byte)'\n'];

    [ChecksModels]
    public static async Task<IResult> Output(string id, IClusterClient cluster, ClaimsPrincipal user, JobFiles files, HttpContext context)
    {
        var (job, refused) = await JobAccess.FindAsync(cluster, user, id);
        if (job is null) return refused!;
        var state = job.View.Job;
        if (state.Phase is not JobPhase.Succeeded || state.Progress?.Output is not { } file)
            return Refusal.Conflict($"Job {id} has no output: {state.Detail}").ToResult();
        var stream = await files.OpenAsync(file, context.RequestAborted);
        context.Response.ContentLength = stream.Length;
        return Results.Stream(stream, TypeOf(state.Config.OutputFormat), $"{id}.{state.Config.OutputFormat}");
    }

    /// <summary>The rows that failed so far, in their order.</summary>
    [ChecksModels]
    public static async Task<IResult> Errors(string id, IClusterClient cluster, ClaimsPrincipal user, JobFiles files, JobBook book, HttpContext context)
    {
        var (job, refused) = await JobAccess.FindAsync(cluster, user, id);
        if (job is null) return refused!;
        var failed = (await book.ResultsAsync(id)).Where(result => result.Failed > 0).ToArray();
        return Results.Stream(body => WriteAsync(failed, files, body, context.RequestAborted), Jsonl, $"{id}.errors.jsonl");
    }

    private static async Task WriteAsync(ShardResult[] failed, JobFiles files, Stream body, CancellationToken cancellation)
    {
        foreach (var result in failed)
        {
            if (result.Errors is { } file)
            {
                await using var errors = await files.OpenAsync(file, cancellation);
                await errors.CopyToAsync(body, cancellation);
            }

            if (result.Aside is not { } why) continue;
            for (var row = result.First; row < result.First + result.Rows; row++)
            {
                await JsonSerializer.SerializeAsync(body, new RowError(row, null, why), PlatformJson.Options, cancellation);
                await body.WriteAsync(NewLine, cancellation);
            }
        }
    }

    private static string TypeOf(string format) => format switch
    {
        "csv" => "text/csv",
        "parquet" => "application/vnd.apache.parquet",
        _ => Jsonl,
    };
}
