using System.Diagnostics;
using System.Globalization;
using Platform.Core.Serving;
using Platform.SharedState.Frames;
using Platform.SharedState.Workers;

namespace Platform.Api.Serving;

/// <summary>Calls and answers as they travel to a worker and back.</summary>
internal static class Frames
{
    private const int MaxHeaderLength = 200;

    public static FrameRequest Of(InferenceCall call, PlacedVersion placed, string route) => new()
    {
        Model = call.Model,
        Version = placed.Version,
        RequestId = call.RequestId,
        HeaderLength = Short(call.HeaderLength),
        ContentType = Short(call.ContentType),
        ContentEncoding = Short(call.ContentEncoding),
        TraceParent = Activity.Current?.Id,
        Headers = OutputLimits.Of(call, placed) is { } limit
            ? [new(WorkerProtocol.RouteHeader, route), new(WorkerProtocol.LimitHeader, limit.ToString())]
            : [new(WorkerProtocol.RouteHeader, route)],
    };

    public static InferenceAnswer ToAnswer(FrameResult result, string version, string route, string worker) => new()
    {
        Status = result.Answer.Status,
        Body = result.Body,
        ContentType = result.Answer.ContentType,
        HeaderLength = result.Answer.HeaderLength?.ToString(CultureInfo.InvariantCulture),
        RetryAfter = result.Answer.Header("Retry-After"),
        Version = version,
        Route = route,
        Worker = worker,
        Queries = result.Answer.Header(WorkerProtocol.QueriesHeader),
        Predictions = result.Answer.Header(WorkerProtocol.PredictionsHeader),
        Figures = new(result.Answer.QueueMicroseconds, result.Answer.ComputeMicroseconds, result.Answer.BatchSize, result.Answer.ComputeShareMicroseconds),
    };

    /// <summary>What is longer is none of the values that mean anything; its beginning is enough to be refused for.</summary>
    private static string? Short(string? value) => value is { Length: > MaxHeaderLength } ? value[..MaxHeaderLength] : value;
}
