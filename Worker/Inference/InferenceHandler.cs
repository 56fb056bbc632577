using System.Diagnostics;
using Microsoft.Extensions.Options;
using Platform.Core.Quality;
using Platform.ServiceDefaults;
using Platform.SharedState.Workers;
using Platform.Worker.Inference.Batching;
using Platform.Worker.Inference.Codec;
using Platform.Worker.Inference.Frames;
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
            if (await AnswerOrRefuseAsync(exchange, arrived, tally) is { } refusal) await exchange.RefuseAsync(refusal.Status, refusal.Message);
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

    /// <summary>Gives what overload, or the worker's own state, has it refused for; null when it was answered.</summary>
    /// <exception cref="RequestException">It is refused for what it is, or was given up.</exception>
    private async ValueTask<RequestException?> AnswerOrRefuseAsync(IExchange exchange, long arrived, InferenceCounting.RequestTally tally)
    {
        if (state.RefusesWork) return Stopping();
        if (!versions.TryUse(exchange.Model, exchange.Version, out var served)) return NotHere(exchange.Model, exchange.Version);
        tally.IsFor(served.Id);
        using (served) return await CountFailureAsync(exchange, served, arrived, tally);
    }

    /// <summary>What never got as far as the queue says nothing of the version and is not counted.</summary>
    private async ValueTask<RequestException?> CountFailureAsync(
        IExchange exchange, ServedVersion served, long arrived, InferenceCounting.RequestTally tally)
    {
        try
        {
            var refusal = await AnswerOneOfAsync(exchange, served, arrived, tally);
            if (refusal is not null) statistics.Of(served.Id).Failed(clock.GetElapsedTime(arrived));
            return refusal;
        }
        catch (Exception e) when (e is OperationCanceledException or RequestException { Status: >= StatusCodes.Status429TooManyRequests })
        {
            statistics.Of(served.Id).Failed(clock.GetElapsedTime(arrived));
            throw;
        }
    }

    private async ValueTask<RequestException?> AnswerOneOfAsync(IExchange exchange, ServedVersion served, long arrived, InferenceCounting.RequestTally tally)
    {
        if (!served.TryBeginRequest()) return Refusals.TooManyAtOnce(served);
        try
        {
            return await AnswerAsync(exchange, served, arrived, tally);
        }
        finally
        {
            served.EndRequest();
        }
    }

    private async ValueTask<RequestException?> AnswerAsync(IExchange exchange, ServedVersion served, long arrived, InferenceCounting.RequestTally tally)
    {
        using var activity = StartActivity(exchange);
        activity?.SetTag(TelemetryNames.ModelTag, served.Id.Model).SetTag(TelemetryNames.VersionTag, served.Id.Version);
        // Whoever cannot be served soon is told before his body is read.
        if (executors.IsFull(served)) return Refusals.QueueFull(served);
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
            var (execution, refusal) = await executors.TryRunAsync(served, request, arrived, TimeoutOf(served, request, exchange), exchange.Gone);
            if (refusal is not null) return refusal;
            using var outputs = execution.Outputs;
            tally.Ran(execution);
            telemetry.Waited(served, execution.Queued);
            var predicted = served.Predictions?.Read(outputs.Tensors, request.BatchSize, request.Id);
            await protection.EnsureSteadyAsync(served, request, outputs.Tensors, exchange.Gone);
            if (SocketThreads.AreHeldBy(outputs.Bytes)) await SocketThreads.Leave();
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
            return null;
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
