using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.Core.Quality;
using Platform.ServiceDefaults;
using Platform.SharedState.Workers;
using Platform.Worker.Inference.Batching;
using Platform.Worker.Inference.Codec;
using Platform.Worker.Onnx;
using Platform.Worker.Serving;

namespace Platform.Worker.Inference;

/// <summary>One inference: read, decode, run, answer.</summary>
internal sealed partial class InferenceHandler(
    ServedVersions versions,
    Executors executors,
    WorkerState state,
    InferenceCounting counting,
    WorkerTelemetry telemetry,
    WorkerStatistics statistics,
    IOptions<InferenceOptions> options,
    TimeProvider clock,
    ILogger<InferenceHandler> logger)
{
    private readonly int maxRequestBytes = options.Value.MaxRequestBytes;
    private readonly RequestLimits limits = new(options.Value.MaxJsonDepth, options.Value.MaxElements, options.Value.MaxTensors);

    public async Task HandleAsync(HttpContext context)
    {
        var arrived = clock.GetTimestamp();
        var model = (string)context.Request.RouteValues["model"]!;
        var version = (string)context.Request.RouteValues["version"]!;
        using var tally = counting.Begin(context, arrived);
        state.Enter();
        try
        {
            if (state.RefusesWork) throw Stopping();
            if (!versions.TryUse(model, version, out var served)) throw NotHere(model, version);
            tally.IsFor(served.Id);
            using (served) await CountFailureAsync(() => AnswerAsync(context, served, arrived, tally), served, arrived);
        }
        catch (RequestException e)
        {
            await RefuseAsync(context, e.Status, e.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered; the status is for the server's own counts.
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        finally
        {
            state.Leave();
        }
    }

    /// <summary>What never got as far as the queue says nothing of the version and is not counted.</summary>
    private async Task CountFailureAsync(Func<Task> answer, ServedVersion served, long arrived)
    {
        try
        {
            await answer();
        }
        catch (Exception e) when (e is OperationCanceledException or RequestException { Status: >= StatusCodes.Status429TooManyRequests })
        {
            statistics.Of(served.Id).Failed(clock.GetElapsedTime(arrived));
            throw;
        }
    }

    private async Task AnswerAsync(HttpContext context, ServedVersion served, long arrived, InferenceCounting.RequestTally tally)
    {
        using var activity = WorkerTelemetry.Source.StartActivity(TelemetryNames.InferSpan);
        activity?.SetTag(TelemetryNames.ModelTag, served.Id.Model).SetTag(TelemetryNames.VersionTag, served.Id.Version);
        // Whoever cannot be served soon is told before his body is read.
        if (executors.IsFull(served)) throw Refusals.QueueFull(served);
        var cancellation = context.RequestAborted;
        using var body = await RequestBody.ReadAsync(context.Request, maxRequestBytes, cancellation);
        var read = clock.GetTimestamp();
        using var request = RequestReader.Read(served.Id.Model, served.Model.Interface, body, limits);
        foreach (var output in request.Outputs)
        {
            JsonData.EnsureWritable(output);
            Classification.EnsurePossible(output);
        }

        if (served.Predictions is { } predictions) request.OutputSpecs = predictions.AddTo(request.OutputSpecs);
        var decoded = clock.GetElapsedTime(read);
        try
        {
            var execution = await executors.RunAsync(served, request, arrived, TimeoutOf(served, request), cancellation);
            using var outputs = execution.Outputs;
            tally.Ran(execution);
            telemetry.Waited(served, execution.Queued);
            var ran = clock.GetTimestamp();
            using var answer = ResponseBody.Write(
                served.Id.Model, served.Id.Version, IdOf(context, request),
                Classification.Apply(outputs.Tensors, request.Outputs, served.Model.Interface.IsBatched), request.Outputs);
            var times = new AnsweredTimes(
                clock.GetElapsedTime(arrived), execution.Queued, decoded, execution.Computed, clock.GetElapsedTime(ran));
            statistics.Of(served.Id).Answered(times, request.BatchSize, execution.BatchSize, clock.GetUtcNow());
            SetHeaders(context.Response, execution, request.BatchSize);
            var predicted = served.Predictions?.Read(outputs.Tensors, request.BatchSize, request.Id);
            if (predicted is not null) context.Response.Headers[WorkerProtocol.PredictionsHeader] = PredictionCodec.Encode(predicted);
            await answer.SendAsync(context.Response, cancellation);
            // The client has its answer; the tensors are still there.
            served.Drift.Observe(request.Inputs, request.BatchSize, predicted);
        }
        catch (ModelRunException e)
        {
            if (served.IsFirstFailure()) LogFailed(served.Id.Model, served.Id.Version, e.Message);
            activity?.SetStatus(ActivityStatusCode.Error);
            throw new RequestException(
                e.RefusedInputs ? StatusCodes.Status400BadRequest : StatusCodes.Status500InternalServerError,
                $"model '{served.Id.Model}' version '{served.Id.Version}' "
                    + $"{(e.RefusedInputs ? "refused the inputs" : "failed to run")}: {e.Message}");
        }
    }

    /// <summary>The client may wait less than the deployment allows, not longer.</summary>
    private static TimeSpan TimeoutOf(ServedVersion served, InferRequest request)
    {
        var allowed = served.Timeout;
        return request.Timeout is { } wanted && wanted < allowed ? wanted : allowed;
    }

    private static string? IdOf(HttpContext context, InferRequest request)
    {
        if (request.Id is not null) return request.Id;
        var header = context.Request.Headers[WorkerProtocol.RequestIdHeader].ToString();
        return header.Length == 0 ? null : header;
    }

    private static void SetHeaders(HttpResponse response, in Execution execution, int items)
    {
        response.Headers[WorkerProtocol.QueueMicrosecondsHeader] = Microseconds(execution.Queued);
        response.Headers[WorkerProtocol.ComputeMicrosecondsHeader] = Microseconds(execution.Computed);
        response.Headers[WorkerProtocol.ComputeShareMicrosecondsHeader] =
            Microseconds(execution.Computed * Math.Min(1, (double)items / execution.BatchSize));
        response.Headers[WorkerProtocol.BatchSizeHeader] = execution.BatchSize.ToString(CultureInfo.InvariantCulture);
    }

    private static string Microseconds(TimeSpan time) => ((long)time.TotalMicroseconds).ToString(CultureInfo.InvariantCulture);

    private static Task RefuseAsync(HttpContext context, int status, string message)
    {
        if (context.Response.HasStarted) throw new InvalidOperationException($"The answer had begun when it turned out: {message}");
        if (status == StatusCodes.Status429TooManyRequests) context.Response.Headers.RetryAfter = "1";
        if (status == StatusCodes.Status415UnsupportedMediaType) context.Response.Headers.AcceptEncoding = "gzip, deflate";
        return ErrorBody.WriteAsync(context, status, message);
    }

    private static RequestException Stopping() =>
        new(StatusCodes.Status503ServiceUnavailable, "This worker is stopping; ask another one.");

    private static RequestException NotHere(string model, string version) => new(
        StatusCodes.Status421MisdirectedRequest, $"Request for unknown model: '{model}' version {version} is not loaded on this worker");

    [LoggerMessage(LogLevel.Error, "Model {Model} {Version} failed to run: {Reason} Its further failures are only counted.")]
    private partial void LogFailed(string model, string version, string reason);
}
