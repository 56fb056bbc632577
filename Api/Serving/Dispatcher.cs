using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;
using Platform.Api.Workers;
using Platform.Core.Serving;
using Platform.SharedState.Workers;

namespace Platform.Api.Serving;

/// <summary>
/// Takes a request to a worker that has the version ready, unparsed. A connection that is refused or breaks is tried
/// again on another worker while the deadline allows, since an inference changes nothing.
/// </summary>
internal sealed class Dispatcher(WorkerPicker picker, WorkerClient workers, InferenceMetrics metrics, IOptions<InferenceOptions> options)
{
    private const string HeaderLength = "Inference-Header-Content-Length";

    public async Task<InferenceAnswer> AskAsync(InferenceCall call, PlacedVersion placed, string route, CancellationToken deadline)
    {
        ImmutableArray<string> tried = [];
        while (tried.Length < options.Value.MaxAttempts && picker.TryPick(call.Model, placed, tried) is { } found)
        {
            using var pick = found;
            if (!tried.IsEmpty) metrics.Retried(call.Model, placed.Version);
            tried = tried.Add(pick.Worker.Id);
            try
            {
                using var message = ToMessage(pick.Worker, call, placed.Version, route);
                using var response = await workers.SendAsync(message, deadline);
                if (!MeansElsewhere(response.StatusCode))
                    return await ToAnswerAsync(response, placed.Version, route, pick.Worker.Id, deadline);
            }
            catch (HttpRequestException)
            {
                pick.Suspect();
            }
        }

        return InferenceAnswer.Refused(
            503, $"Request for '{call.Model}' version {placed.Version} is not at ready state: no worker can serve it just now. Try again.");
    }

    /// <summary>Neither says anything of the request, only of the worker: it has not loaded the version, or it is stopping.</summary>
    private static bool MeansElsewhere(HttpStatusCode status) =>
        status is HttpStatusCode.MisdirectedRequest or HttpStatusCode.ServiceUnavailable;

    private static HttpRequestMessage ToMessage(WorkerLease worker, InferenceCall call, string version, string route)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, new Uri(worker.Address, WorkerProtocol.InferPath(call.Model, version)))
        {
            Content = new ReadOnlyMemoryContent(call.Body),
        };
        PassOn(message, "Content-Type", call.ContentType);
        PassOn(message, "Content-Encoding", call.ContentEncoding);
        PassOn(message, HeaderLength, call.HeaderLength);
        message.Headers.TryAddWithoutValidation(WorkerProtocol.RequestIdHeader, call.RequestId);
        message.Headers.TryAddWithoutValidation(WorkerProtocol.RouteHeader, route);
        return message;
    }

    private static void PassOn(HttpRequestMessage message, string name, string? value)
    {
        if (value is { Length: > 0 }) message.Content!.Headers.TryAddWithoutValidation(name, value);
    }

    private static async Task<InferenceAnswer> ToAnswerAsync(
        HttpResponseMessage response, string version, string route, string worker, CancellationToken deadline) => new()
        {
            Status = (int)response.StatusCode,
            Body = await response.Content.ReadAsByteArrayAsync(deadline),
            ContentType = response.Content.Headers.ContentType?.ToString(),
            HeaderLength = Find(response, HeaderLength),
            RetryAfter = Find(response, "Retry-After"),
            Version = version,
            Route = route,
            Worker = worker,
            Predictions = Find(response, WorkerProtocol.PredictionsHeader),
            Figures = new(
                FindNumber(response, WorkerProtocol.QueueMicrosecondsHeader), FindNumber(response, WorkerProtocol.ComputeMicrosecondsHeader),
                (int?)FindNumber(response, WorkerProtocol.BatchSizeHeader), FindNumber(response, WorkerProtocol.ComputeShareMicrosecondsHeader)),
        };

    private static string? Find(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : null;

    private static long? FindNumber(HttpResponseMessage response, string name) =>
        long.TryParse(Find(response, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
