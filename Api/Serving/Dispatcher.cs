using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.Api.Workers;
using Platform.Core.Serving;
using Platform.SharedState.Frames;

namespace Platform.Api.Serving;

/// <summary>
/// Takes a request to a worker that has the version ready, unparsed. A connection that is refused or breaks is tried
/// again on another worker while the deadline allows, since an inference changes nothing.
/// </summary>
internal sealed class Dispatcher(WorkerPicker picker, FrameClient workers, InferenceMetrics metrics, IOptions<InferenceOptions> options)
{
    private const int MaxHeaderLength = 200;

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
                var result = await workers.AskAsync(pick.Address, ToFrame(call, placed.Version), call.Body, deadline);
                if (!MeansElsewhere(result.Answer.Status)) return ToAnswer(result, placed.Version, route, pick.Worker.Id);
            }
            catch (FrameException)
            {
                pick.Suspect();
            }
        }

        return InferenceAnswer.Refused(
            503, $"Request for '{call.Model}' version {placed.Version} is not at ready state: no worker can serve it just now. Try again.");
    }

    /// <summary>Neither says anything of the request, only of the worker: it has not loaded the version, or it is stopping.</summary>
    private static bool MeansElsewhere(int status) =>
        status is StatusCodes.Status421MisdirectedRequest or StatusCodes.Status503ServiceUnavailable;

    private static FrameRequest ToFrame(InferenceCall call, string version) => new()
    {
        Model = call.Model,
        Version = version,
        RequestId = call.RequestId,
        HeaderLength = Short(call.HeaderLength),
        ContentType = Short(call.ContentType),
        ContentEncoding = Short(call.ContentEncoding),
        TraceParent = Activity.Current?.Id,
    };

    /// <summary>What is longer is none of the values that mean anything, and is told so by its beginning.</summary>
    private static string? Short(string? value) => value is { Length: > MaxHeaderLength } ? value[..MaxHeaderLength] : value;

    private static InferenceAnswer ToAnswer(FrameResult result, string version, string route, string worker) => new()
    {
        Status = result.Answer.Status,
        Body = result.Body,
        ContentType = result.Answer.ContentType,
        HeaderLength = result.Answer.HeaderLength?.ToString(CultureInfo.InvariantCulture),
        RetryAfter = result.Answer.Header("Retry-After"),
        Version = version,
        Route = route,
        Worker = worker,
        Figures = new(result.Answer.QueueMicroseconds, result.Answer.ComputeMicroseconds, result.Answer.BatchSize),
    };
}
