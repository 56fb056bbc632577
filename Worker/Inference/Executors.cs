using Platform.ServiceDefaults;
using Platform.Worker.Inference.Batching;
using Platform.Worker.Inference.Codec;
using Platform.Worker.Inference.Frames;
using Platform.Worker.Onnx;
using Platform.Worker.Serving;

namespace Platform.Worker.Inference;

/// <summary>What a run gave and what it cost.</summary>
/// <param name="Queued">From the request's arrival at the queue to its first run.</param>
/// <param name="Computed">Time in the model, of all runs that it had a part in.</param>
/// <param name="BatchSize">Items in the largest of them.</param>
internal readonly record struct Execution(ModelOutputs Outputs, TimeSpan Queued, TimeSpan Computed, int BatchSize)
{
    /// <summary>The part of the time in the model that so many of the batch's items account for.</summary>
    public TimeSpan ShareOf(int items) => Computed * Math.Min(1, (double)items / BatchSize);
}

/// <summary>
/// Runs models, as many at a time as there are executors. A request that finds nobody waiting and an executor free runs
/// at once on the thread that brought it; others wait, and share runs where that pays.
/// </summary>
internal sealed class Executors(ExecutorSlots slots, WaitingLine line, ModelRunner runner, TimeProvider clock)
{
    /// <exception cref="RequestException">There is no room for it, or the time is up.</exception>
    /// <exception cref="ModelRunException">The model failed.</exception>
    public async ValueTask<Execution> RunAsync(
        ServedVersion version, InferRequest request, long arrived, TimeSpan timeout, CancellationToken cancellation)
    {
        var (execution, refusal) = await TryRunAsync(version, request, arrived, timeout, cancellation);
        return refusal is null ? execution : throw refusal;
    }

    /// <summary>The same; what cannot even begin to wait is told why without an exception.</summary>
    /// <param name="arrived">Timestamp at which the request came in.</param>
    /// <param name="timeout">After this it must not begin to run.</param>
    /// <exception cref="RequestException">It waited, and its time came to nothing.</exception>
    /// <exception cref="ModelRunException">The model failed.</exception>
    public async ValueTask<(Execution Execution, RequestException? Refusal)> TryRunAsync(
        ServedVersion version, InferRequest request, long arrived, TimeSpan timeout, CancellationToken cancellation)
    {
        var admitted = clock.GetTimestamp();
        var deadline = clock.GetElapsedTime(0, arrived) + Min(timeout, TimeSpan.FromDays(1));
        if (clock.GetElapsedTime(0, admitted) >= deadline) return (default, Refusals.Expired(timeout));
        var (pending, refusal) = line.Enter(version, request, admitted, timeout, deadline);
        if (refusal is not null) return (default, refusal);
        if (pending is not null) return (await WaitAsync(pending, version, cancellation), null);
        try
        {
            if (SocketThreads.AreHeldFor(version.Profile.SingleMs * request.BatchSize)) await SocketThreads.Leave();
            using var activity = WorkerTelemetry.Source.StartActivity(TelemetryNames.RunSpan);
            var outputs = runner.Run(version, request.Inputs, request.OutputSpecs, request.BatchSize, activity, out var computed);
            return (new Execution(outputs, clock.GetElapsedTime(admitted) - computed, computed, request.BatchSize), null);
        }
        finally
        {
            version.EndRun();
            slots.Release();
            line.Dispatch();
        }
    }

    /// <summary>Whether a request would be refused, whatever its priority.</summary>
    public bool IsFull(ServedVersion version) => version.Waiting >= version.Limits.MaxQueue && line.IsFull(version);

    private async Task<Execution> WaitAsync(PendingRequest pending, ServedVersion version, CancellationToken cancellation)
    {
        using var leaving = cancellation.UnsafeRegister(
            (_, token) => line.Leave(version, pending, new OperationCanceledException(token)), null);
        return await pending.Done;
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
