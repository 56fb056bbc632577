using System.Security.Claims;
using Platform.Api.Access;
using Platform.Api.Inference.Protocol;
using Platform.Api.Workers;
using Platform.Core.Serving;
using Platform.SharedState.Statistics;
using Platform.SharedState.Workers;

namespace Platform.Api.Inference.Statistics;

/// <summary>The counters of all workers together, those of workers that are gone included, and what Apis count of remembered answers.</summary>
internal sealed partial class PlatformStatistics(
    ServedModels models, StatisticsStore store, StatisticsFlusher own, WorkerDirectory workers, WorkerClient client, ILogger<PlatformStatistics> logger)
{
    /// <summary>A worker that does not answer by then has its last second missing until it does.</summary>
    private static readonly TimeSpan FlushLimit = TimeSpan.FromSeconds(1);

    /// <param name="model">Null or empty for all deployed models.</param>
    /// <param name="version">Null or empty for all deployed versions.</param>
    /// <param name="caller">Who is told of no other models than those that the key reaches.</param>
    public async Task<(ModelStatisticsResponse? Response, V2Refusal? Refusal)> ReadAsync(
        string? model, string? version, ClaimsPrincipal caller, CancellationToken cancellation)
    {
        var (asked, refusal) = Select(model, version, caller);
        if (refusal is not null) return (null, refusal);
        await Task.WhenAll([own.FlushAsync(cancellation), .. workers.Workers.Select(worker => FlushAsync(worker, cancellation))]);
        var read = asked!.Select(async one => ToMessage(one.Model, one.Version, await store.ReadAsync(one.Model, one.Version.Version)));
        return (new ModelStatisticsResponse { ModelStats = { await Task.WhenAll(read) } }, null);
    }

    private (List<(string Model, PlacedVersion Version)>? Asked, V2Refusal? Refusal) Select(
        string? model, string? version, ClaimsPrincipal caller)
    {
        var ofAll = models.Plans.Where(plan => caller.MayUse(plan.Model)).OrderBy(plan => plan.Model, StringComparer.Ordinal)
            .SelectMany(plan => plan.Versions.Select(placed => (plan.Model, Version: placed)));
        if (string.IsNullOrEmpty(model)) return ([.. ofAll], null);
        if (string.IsNullOrEmpty(version))
        {
            List<(string Model, PlacedVersion Version)> ofModel = [.. ofAll.Where(one => one.Model == model)];
            return ofModel.Count > 0 ? (ofModel, null) : (null, models.Find(model, null).Refusal ?? V2Refusal.NoVersions(model));
        }

        var (placed, refusal) = models.Find(model, version);
        return refusal is null ? ([(model, placed!)], null) : (null, refusal);
    }

    private async Task FlushAsync(WorkerLease worker, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(FlushLimit);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(worker.Address, WorkerProtocol.FlushStatisticsPath));
            using var response = await client.SendAsync(request, limit.Token);
            if (!response.IsSuccessStatusCode) LogNotFlushed(worker.Id, $"status {(int)response.StatusCode}");
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            LogNotFlushed(worker.Id, e.Message);
        }
    }

    private ModelStatistics ToMessage(string model, PlacedVersion version, InferenceCounters counters)
    {
        var message = new ModelStatistics
        {
            Name = model,
            Version = models.NameOf(model, version.Version),
            LastInference = (ulong)(counters.LastInference?.ToUnixTimeMilliseconds() ?? 0),
            InferenceCount = (ulong)counters.Inferences,
            ExecutionCount = (ulong)counters.Executions,
            InferenceStats = StatisticsMessages.Requests(counters.Steps),
        };
        message.BatchStats.AddRange(counters.Batches.Select(batch => StatisticsMessages.Batch(batch.Key, batch.Value)));
        foreach (var device in models.Holders(model, version))
        {
            message.MemoryUsage.Add(new MemoryUsage
            {
                Type = device.Key.StartsWith("cuda", StringComparison.Ordinal) ? "GPU" : "CPU", ByteSize = (ulong)(version.Artifact.SizeBytes * device.Count()),
            });
        }

        return message;
    }

    [LoggerMessage(LogLevel.Debug, "Worker {Worker} did not add its latest counts: {Reason}")]
    private partial void LogNotFlushed(string worker, string reason);
}
