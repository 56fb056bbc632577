using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.ServiceDefaults;
using Platform.Worker.Inference.Codec;
using Platform.Worker.Onnx;
using Platform.Worker.Serving;

namespace Platform.Worker.Inference;

/// <summary>What a run gave and what it cost.</summary>
internal readonly record struct Execution(ModelOutputs Outputs, TimeSpan Queued, TimeSpan Computed, int BatchSize);

/// <summary>
/// Runs models, as many at a time as there are executors. A request that finds one free runs at once on its own
/// thread; others wait in the order in which they came, so many a version.
/// </summary>
internal sealed class Executors : IDisposable
{
    private readonly SemaphoreSlim free;
    private readonly WorkerState state;
    private readonly WorkerTelemetry telemetry;
    private readonly TimeProvider clock;

    public Executors(IOptions<ServingOptions> options, WorkerState state, WorkerTelemetry telemetry, TimeProvider clock)
    {
        (this.state, this.telemetry, this.clock) = (state, telemetry, clock);
        var executors = options.Value.EffectiveExecutors;
        free = new SemaphoreSlim(executors);
        // Models run on threads of the pool. With no more of them than executors, slow models would hold up those who
        // read requests, renew the lease and answer for health, until the pool sees that it is short.
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, Environment.ProcessorCount + executors), completions);
    }

    /// <param name="arrived">Timestamp at which the request came in.</param>
    /// <param name="timeout">After this it must not begin to run.</param>
    /// <exception cref="RequestException">The queue is full, or the time is up.</exception>
    /// <exception cref="ModelRunException">The model failed.</exception>
    public async ValueTask<Execution> RunAsync(
        ServedVersion version, InferRequest request, long arrived, TimeSpan timeout, CancellationToken cancellation)
    {
        var admitted = clock.GetTimestamp();
        if (!free.Wait(0, CancellationToken.None)) await WaitInQueueAsync(version, arrived, timeout, cancellation);
        try
        {
            var started = clock.GetTimestamp();
            if (clock.GetElapsedTime(arrived, started) >= timeout) throw Expired(timeout);
            var outputs = Run(version, request);
            var computed = clock.GetElapsedTime(started);
            state.AddBusy(computed);
            telemetry.Ran(version, computed);
            return new Execution(outputs, clock.GetElapsedTime(admitted, started), computed, request.BatchSize);
        }
        finally
        {
            free.Release();
        }
    }

    public void Dispose() => free.Dispose();

    public static RequestException QueueFull(ServedVersion version) => new(
        StatusCodes.Status429TooManyRequests,
        $"Exceeds maximum queue size: {version.Limits.MaxQueue} requests already wait for model '{version.Id.Model}' version "
            + $"'{version.Id.Version}'; try again later");

    private async Task WaitInQueueAsync(ServedVersion version, long arrived, TimeSpan timeout, CancellationToken cancellation)
    {
        if (!version.TryEnterQueue()) throw QueueFull(version);
        try
        {
            var left = timeout - clock.GetElapsedTime(arrived);
            if (left <= TimeSpan.Zero || !await free.WaitAsync(left, cancellation)) throw Expired(timeout);
        }
        finally
        {
            version.LeaveQueue();
        }
    }

    private static ModelOutputs Run(ServedVersion version, InferRequest request)
    {
        using var activity = WorkerTelemetry.Source.StartActivity(TelemetryNames.RunSpan);
        activity?.SetTag(TelemetryNames.DeviceTag, version.Model.Device);
        return version.Model.Run(request.Inputs, request.OutputSpecs);
    }

    private static RequestException Expired(TimeSpan timeout)
    {
        var milliseconds = timeout.TotalMilliseconds.ToString(CultureInfo.InvariantCulture);
        return new RequestException(
            StatusCodes.Status504GatewayTimeout, $"Request timeout expired: it could not be run within {milliseconds} ms");
    }
}
