using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Platform.ServiceDefaults;

namespace Platform.Api.Inference.Grpc;

/// <summary>Calls of gRPC under OpenTelemetry's names, from their arrival to their last message.</summary>
internal sealed class GrpcMeasuring : Interceptor
{
    private const string System = "grpc";
    private readonly Histogram<double> duration;

    public GrpcMeasuring(IMeterFactory meters) => duration = meters.Create(TelemetryNames.Meter).CreateHistogram(
        TelemetryNames.RpcDuration, "s", "From a call's arrival to its end.", advice: Buckets.Seconds);

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var response = await continuation(request, context);
            Record(context, context.Status.StatusCode, started);
            return response;
        }
        catch (RpcException e)
        {
            Record(context, e.StatusCode, started);
            throw;
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream, IServerStreamWriter<TResponse> responseStream, ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await continuation(requestStream, responseStream, context);
            Record(context, context.Status.StatusCode, started);
        }
        catch (RpcException e)
        {
            Record(context, e.StatusCode, started);
            throw;
        }
    }

    private void Record(ServerCallContext context, StatusCode status, long started)
    {
        var name = JsonNamingPolicy.SnakeCaseUpper.ConvertName(status.ToString());
        var tags = new TagList
        {
            { TelemetryNames.RpcSystemTag, System },
            // Only methods that are served come here: the names are a closed set.
            { TelemetryNames.RpcMethodTag, context.Method.TrimStart('/') },
            { TelemetryNames.RpcStatusTag, name },
        };
        if (IsServersFault(status)) tags.Add(TelemetryNames.ErrorTag, name);
        duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds, tags);
    }

    private static bool IsServersFault(StatusCode status) => status
        is StatusCode.Unknown or StatusCode.DeadlineExceeded or StatusCode.Unimplemented or StatusCode.Internal or StatusCode.Unavailable or StatusCode.DataLoss;
}
