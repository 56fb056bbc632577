using System.Diagnostics;
using Microsoft.Extensions.Options;
using Platform.Core.Quality;
using Platform.ServiceDefaults;
using Platform.SharedState.Workers;
using Platform.Worker.Inference.Batching;
using Platform.Worker.Inference.Codec;
using Platform.Worker.Inference.Protection;
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
    RequestProtection protection,
    IOptions<InferenceOptions> options,
    TimeProvider clock,
    ILogger<InferenceHandler> logger)
{
    private readonly RequestLimits limits = new(options.Value.MaxJsonDepth, options.Value.MaxElements, options.Value.MaxTensors);

    /// <summary>Largest body that is read.</summary>
    public int MaxRequestBytes { get; } = options.Value.MaxRequestBytes;

    public async Task HandleAsync(IExchange exchange)
    {
        var arrived = clock.GetTimestamp();
        using var tally = counting.Begin(exchange, arrived);
        state.Enter();
        try
        {
            if (state.RefusesWork) throw Stopping();
            if (!versions.TryUse(exchange.Model, exchange.Version, out var served)) throw NotHere(exchange.Model, exchange.Version);
            tally.IsFor(served.Id);
            using (served) await CountFailureAsync(() => AnswerOneOfAsync(exchange, served, arrived, tally), served, arrived);
        }
        catch (RequestException e)
        {
            await exchange.RefuseAsync(e.Status, e.Message);
        }
        catch (OperationCanceledException) when (exchange.Gone.IsCancellationRequested)
        {
            exchange.Abandon();
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

    private async Task AnswerOneOfAsync(IExchange exchange, ServedVersion served, long arrived, InferenceCounting.RequestTally tally)
    {
        if (!served.TryBeginRequest()) throw Refusals.TooManyAtOnce(served);
        try
        {
            await AnswerAsync(exchange, served, arrived, tally);
        }
        finally
        {
            served.EndRequest();
        }
    }

    private async Task AnswerAsync(IExchange exchange, ServedVersion served, long arrived, InferenceCounting.RequestTally tally)
    {
        using var activity = StartActivity(exchange);
        activity?.SetTag(TelemetryNames.ModelTag, served.Id.Model).SetTag(TelemetryNames.VersionTag, served.Id.Version);
        // Whoever cannot be served soon is told before his body is read.
        if (executors.IsFull(served)) throw Refusals.QueueFull(served);
        using var body = await exchange.ReadBodyAsync(MaxRequestBytes);
        var read = clock.GetTimestamp();
        using var request = RequestReader.Read(served.Id.Model, served.Model.Interface, body, limits);
        foreach (var output in request.Outputs)
        {
            JsonData.EnsureWritable(output);
            Classification.EnsurePossible(output);
        }

        var facts = protection.Admit(served, request);
        if (served.Predictions is { } predictions) request.OutputSpecs = predictions.AddTo(request.OutputSpecs);
        var decoded = clock.GetElapsedTime(read);
        try
        {
            var execution = await executors.RunAsync(served, request, arrived, TimeoutOf(served, request, exchange), exchange.Gone);
            using var outputs = execution.Outputs;
            tally.Ran(execution);
            telemetry.Waited(served, execution.Queued);
            var predicted = served.Predictions?.Read(outputs.Tensors, request.BatchSize, request.Id);
            await protection.EnsureSteadyAsync(served, request, outputs.Tensors, exchange.Gone);
            var ran = clock.GetTimestamp();
            using var answer = ResponseBody.Write(
                served.Id.Model, served.Id.Version, IdOf(exchange, request),
                Classification.Apply(
                    OutputReduction.Apply(outputs.Tensors, exchange.Limit, request.BatchSize), request.Outputs, served.Model.Interface.IsBatched), request.Outputs);
            var times = new AnsweredTimes(
                clock.GetElapsedTime(arrived), execution.Queued, decoded, execution.Computed, clock.GetElapsedTime(ran));
            statistics.Of(served.Id).Answered(times, request.BatchSize, execution.BatchSize, clock.GetUtcNow());
            if (predicted is not null) exchange.AddHeader(WorkerProtocol.PredictionsHeader, PredictionCodec.Encode(predicted));
            if (RequestProtection.Sketch(served, request, facts, predicted) is { } sketch) exchange.AddHeader(WorkerProtocol.QueriesHeader, sketch);
            await exchange.AnswerAsync(execution, request.BatchSize, answer);
            // The client has its answer; the tensors are still there.
            served.Drift.Observe(request.Inputs, request.BatchSize, predicted);
            protection.Learn(served, request, facts, outputs.Tensors);
        }
        catch (ModelRunException e)
        {
            if (served.IsFirstFailure()) LogFailed(served.Id.Model, served.Id.Version, e.Where);
            activity?.SetStatus(ActivityStatusCode.Error);
            throw new RequestException(
                e.RefusedInputs ? StatusCodes.Status400BadRequest : StatusCodes.Status500InternalServerError,
                $"model '{served.Id.Model}' version '{served.Id.Version}' "
                    + $"{(e.RefusedInputs ? "refused the inputs" : "failed to run")}: {e.Message}");
        }
    }

    /// <summary>Over HTTP the host has taken up the caller's trace; over frames it is taken up here.</summary>
    private static Activity? StartActivity(IExchange exchange) => exchange.TraceParent is { } parent
        ? WorkerTelemetry.Source.StartActivity(TelemetryNames.InferSpan, ActivityKind.Server, parent)
        : WorkerTelemetry.Source.StartActivity(TelemetryNames.InferSpan);

    /// <summary>The client may wait less than the deployment allows, not longer.</summary>
    private static TimeSpan TimeoutOf(ServedVersion served, InferRequest request, IExchange exchange)
    {
        var allowed = served.Timeout;
        if (request.Timeout is { } wanted && wanted < allowed) allowed = wanted;
        return exchange.Timeout is { } left && left < allowed ? left : allowed;
    }

    private static string? IdOf(IExchange exchange, InferRequest request) =>
        request.Id ?? (exchange.RequestId.Length == 0 ? null : exchange.RequestId);

    private static RequestException Stopping() =>
        new(StatusCodes.Status503ServiceUnavailable, "This worker is stopping; ask another one.");

    private static RequestException NotHere(string model, string version) => new(
        StatusCodes.Status421MisdirectedRequest, $"Request for unknown model: '{model}' version {version} is not loaded on this worker");

    [LoggerMessage(LogLevel.Error, "Model {Model} {Version} failed to run: {Where} The caller was told more. Its further failures are only counted.")]
    private partial void LogFailed(string model, string version, string where);
}
