using System.Net;
using Platform.Api.Workers;
using Platform.Core;
using Platform.Core.Models;
using Platform.Core.Results;
using Platform.SharedState.Workers;

namespace Platform.Api.Versions;

/// <summary>Has a worker load an upload, since only workers run models.</summary>
internal sealed class ArtifactInspector(WorkerDirectory directory, WorkerClient workers)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    /// <summary>The upload's signature, or why it is no loadable model.</summary>
    public async Task<Outcome<ModelSignature>> InspectAsync(string stagingId, CancellationToken cancellation)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(Limit);
        foreach (var worker in directory.Workers.Where(worker => !worker.Draining).OrderBy(worker => worker.QueueDepth))
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(worker.Address, WorkerProtocol.InspectPath(stagingId)));
                using var response = await workers.SendAsync(request, timeout.Token);
                if (response.StatusCode is HttpStatusCode.OK)
                    return (await response.Content.ReadFromJsonAsync<ModelSignature>(PlatformJson.Options, timeout.Token))!;
                if (response.StatusCode is HttpStatusCode.UnprocessableEntity)
                    return Refusal.CheckFailed((await response.Content.ReadFromJsonAsync<WorkerError>(PlatformJson.Options, timeout.Token))!.Error);
            }
            catch (HttpRequestException)
            {
                // This worker cannot be reached, or died over the file; the next one may do.
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return Refusal.CheckFailed($"The model did not load within {Limit.TotalSeconds:0} s.");
            }
        }

        return new Refusal(RefusalReason.Unavailable, "No worker is running that could look at the model. Upload it again in a moment.");
    }

    private sealed record WorkerError(string Error);
}
