using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Options;
using Platform.Api.Conventions;
using Platform.Api.Workers;
using Platform.Core.Serving;
using Platform.SharedState.Plans;
using Platform.SharedState.Workers;

namespace Platform.Api.Inference;

/// <summary>
/// Takes a request to a worker that has the version ready, unparsed. A connection that is refused or breaks is tried
/// again on another worker while the deadline allows, since an inference changes nothing.
/// </summary>
internal sealed class Forwarder(
    PlanFollower plans, WorkerPicker picker, WorkerClient workers, InferenceMetrics metrics, IOptions<InferenceOptions> options)
{
    private static readonly string[] PassedOn = ["Content-Type", "Content-Encoding", "Inference-Header-Content-Length"];

    /// <summary>Neither says anything of the request, only of the worker: it has not loaded the version, or it is stopping.</summary>
    private static bool MeansElsewhere(HttpStatusCode status) =>
        status is HttpStatusCode.MisdirectedRequest or HttpStatusCode.ServiceUnavailable;

    public async Task<InferenceAnswer> AskAsync(
        string model, string? version, HttpRequest request, RequestBody body, CancellationToken cancellation)
    {
        if (!plans.Plans.TryGetValue(model, out var plan))
            return InferenceAnswer.Refused(404, $"Request for unknown model: '{model}' is not found");
        var route = version is null ? plan.Routes.FirstOrDefault() : new PlannedRoute(version, 0, "stable");
        if (route is null)
            return InferenceAnswer.Refused(503, $"Model '{model}' has no available versions: nothing is in production. Deploy a version.");
        if (plan.Find(route.Version) is not { } placed)
            return InferenceAnswer.Refused(404, $"Request for unknown model: '{model}' version {version} is not found; deployed are: {string.Join(", ", plan.Versions.Select(v => v.Version))}");

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(placed.Config.Limits?.Timeout ?? ServingLimits.DefaultTimeout);
        using var counting = metrics.Begin(model, placed.Version, route.Route);
        try
        {
            var answer = await AskWorkersAsync(model, placed, route.Route, request, body, deadline.Token);
            counting.End(answer.Status);
            return answer;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            counting.End(504);
            return InferenceAnswer.Refused(504, "Request timeout expired: no answer came within the version's limit (config.limits.timeout).");
        }
    }

    private async Task<InferenceAnswer> AskWorkersAsync(
        string model, PlacedVersion placed, string route, HttpRequest request, RequestBody body, CancellationToken deadline)
    {
        ImmutableArray<string> tried = [];
        while (tried.Length < options.Value.MaxAttempts && picker.TryPick(model, placed, tried) is { } found)
        {
            using var pick = found;
            if (!tried.IsEmpty) metrics.Retried(model, placed.Version);
            tried = tried.Add(pick.Worker.Id);
            try
            {
                using var message = ToMessage(pick.Worker, model, placed.Version, request, body);
                var response = await workers.SendAsync(message, deadline);
                if (!MeansElsewhere(response.StatusCode))
                {
                    var answer = await response.Content.ReadAsByteArrayAsync(deadline);
                    return InferenceAnswer.From(response, answer, placed.Version, route, pick.Worker.Id);
                }

                response.Dispose();
            }
            catch (HttpRequestException)
            {
                pick.Suspect();
            }
        }

        return InferenceAnswer.Refused(
            503, $"Request for '{model}' version {placed.Version} is not at ready state: no worker can serve it just now. Try again.");
    }

    private static HttpRequestMessage ToMessage(WorkerLease worker, string model, string version, HttpRequest request, RequestBody body)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, new Uri(worker.Address, WorkerProtocol.InferPath(model, version)))
        {
            Content = body.ToContent(),
        };
        foreach (var name in PassedOn)
        {
            if (request.Headers[name] is [{ Length: > 0 } value]) message.Content.Headers.TryAddWithoutValidation(name, value);
        }

        message.Headers.TryAddWithoutValidation(RequestIds.Header, request.HttpContext.TraceIdentifier);
        return message;
    }
}
