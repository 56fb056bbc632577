using System.Net;
using Platform.Api.Conventions;
using Platform.Api.Workers;
using Platform.Core;
using Platform.Core.Batching;
using Platform.Core.Results;
using Platform.SharedState.Plans;
using Platform.SharedState.Workers;

namespace Platform.Api.Versions;

/// <summary>How a deployed version's batches do, as one of the workers sees it that have it ready.</summary>
internal static class ProfileEndpoint
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public static async Task<IResult> Get(
        string model, string version, PlanFollower plans, WorkerDirectory directory, WorkerClient workers, CancellationToken cancellation)
    {
        if (!plans.Plans.TryGetValue(model, out var plan) || plan.Find(version) is not { } placed)
            return Refusal.NotFound($"Version {version} of {model} is not deployed; a version is profiled when a worker loads it.").ToResult();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(Limit);
        var ready = directory.Workers.Where(worker => worker.IsReady(model, placed.Version, placed.Artifact.Sha256)).OrderBy(worker => worker.QueueDepth);
        foreach (var worker in ready)
        {
            var address = new Uri(worker.Address, WorkerProtocol.ProfilePath(model, placed.Version));
            if (await AskAsync(address, workers, deadline.Token, cancellation) is { } profile) return Results.Ok(profile);
        }

        return new Refusal(RefusalReason.Unavailable, $"No worker that has version {placed.Version} of {model} ready answered. Ask again in a moment.").ToResult();
    }

    /// <summary>Null when this worker cannot say.</summary>
    private static async Task<BatchProfile?> AskAsync(
        Uri address, WorkerClient workers, CancellationToken deadline, CancellationToken cancellation)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var response = await workers.SendAsync(request, deadline);
            return response.StatusCode is HttpStatusCode.OK
                ? await response.Content.ReadFromJsonAsync<BatchProfile>(PlatformJson.Options, deadline)
                : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }
}
