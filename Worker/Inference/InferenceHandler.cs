using System.Diagnostics;
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
    IOptions<InferenceOptions> options,
    TimeProvider clock,
    ILogger<InferenceHandler> logger)
{
    /// <summary>Largest body that is read.</summary>
    public int MaxRequestBytes { get; } = options.Value.MaxRequestBytes;

    public async Task HandleAsync(IExchange exchange)
    {
        var arrived = clock.GetTimestamp();
        state.Enter();
        try
        {
            if (state.RefusesWork) throw Stopping();
            if (!versions.TryUse(exchange.Model, exchange.Version, out var served)) throw NotHere(exchange.Model, exchange.Version);
            using (served) await AnswerOneOfAsync(exchange, served, arrived);
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

    private async Task AnswerOneOfAsync(IExchange exchange, ServedVersion served, long arrived)
    {
        if (!served.TryBeginRequest()) throw Refusals.TooManyAtOnce(served);
        try
        {
            await AnswerAsync(exchange, served, arrived);
        }
        finally
        {
            served.EndRequest();
        }
    }

    private async Task AnswerAsync(IExchange exchange, ServedVersion served, long arrived)
    {
        using var activity = StartActivity(exchange);
        activity?.SetTag(TelemetryNames.ModelTag, served.Id.Model).SetTag(TelemetryNames.VersionTag, served.Id.Version);
        // Whoever cannot be served soon is told before his body is read.
        if (executors.IsFull(served)) throw Refusals.QueueFull(served);
        using var body = await exchange.ReadBodyAsync(MaxRequestBytes);
        using var request = RequestReader.Read(served.Id.Model, served.Model.Interface, body);
        foreach (var output in request.Outputs) JsonData.EnsureWritable(output);
        if (served.Predictions is { } predictions) request.OutputSpecs = predictions.AddTo(request.OutputSpecs);
        try
        {
            var execution = await executors.RunAsync(served, request, arrived, TimeoutOf(served, request, exchange), exchange.Gone);
            using var outputs = execution.Outputs;
            using var answer = ResponseBody.Write(
                served.Id.Model, served.Id.Version, IdOf(exchange, request), outputs.Tensors, request.Outputs);
            if (served.Predictions?.Read(outputs.Tensors, request.BatchSize, request.Id) is { } predicted)
                exchange.AddHeader(WorkerProtocol.PredictionsHeader, PredictionCodec.Encode(predicted));
            await exchange.AnswerAsync(execution, request.BatchSize, answer);
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

    [LoggerMessage(LogLevel.Error, "Model {Model} {Version} failed to run: {Reason} Its further failures are only counted.")]
    private partial void LogFailed(string model, string version, string reason);
}
