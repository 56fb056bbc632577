using System.Diagnostics;
using Platform.Core.Batching;
using Platform.ServiceDefaults;
using Platform.Worker.Inference.Codec;
using Platform.Worker.Onnx;
using Platform.Worker.Serving;

namespace Platform.Worker.Inference.Batching;

/// <summary>A part of a request that has run.</summary>
/// <param name="Started">Timestamp at which its run began.</param>
internal readonly record struct RequestPart(int First, ModelOutputs Outputs, long Started, TimeSpan Computed, int BatchSize);

/// <summary>
/// A request that waits. It ends once, and never while a run still reads its inputs: whoever sent it frees them then.
/// </summary>
internal sealed class PendingRequest(InferRequest request, long admitted, TimeSpan timeout, TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly TaskCompletionSource<Execution> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<RequestPart> parts = new(1);
    private int unanswered = request.BatchSize;
    private int running;
    private Exception? failure;

    public InferRequest Request => request;

    public TimeSpan Timeout => timeout;

    public Task<Execution> Done => done.Task;

    public bool HasFailed
    {
        get
        {
            lock (gate) return failure is not null;
        }
    }

    /// <summary>The span of the request, since its run is on another thread.</summary>
    public Activity? Span { get; } = Activity.Current;

    /// <summary>Set before the request can be seen by others.</summary>
    public QueuedRequest<PendingRequest> Place { get; set; } = null!;

    /// <summary>A part of it was given to an executor; <see cref="Succeed"/> or <see cref="Fail"/> ends that.</summary>
    public void Begin()
    {
        lock (gate) running++;
    }

    /// <summary>Shows in the request's trace how long it waited, and which run it waited for: other requests may share it.</summary>
    public void TraceRun(Activity? run)
    {
        if (Span is not { } span || run is null) return;
        var now = clock.GetUtcNow();
        using var queue = WorkerTelemetry.Source.StartActivity(
            TelemetryNames.QueueSpan, ActivityKind.Internal, span.Context, startTime: now - clock.GetElapsedTime(admitted));
        queue?.SetEndTime(now.UtcDateTime);
        span.AddLink(new ActivityLink(run.Context));
    }

    public void Succeed(in RequestPart part, int count)
    {
        lock (gate)
        {
            running--;
            unanswered -= count;
            parts.Add(part);
            EndIfOver();
        }
    }

    /// <summary>A part of it failed, and with it all of it.</summary>
    public void Fail(Exception reason)
    {
        lock (gate)
        {
            running--;
            failure ??= reason;
            EndIfOver();
        }
    }

    /// <summary>Nothing more of it will be run.</summary>
    public void GiveUp(Exception reason)
    {
        lock (gate)
        {
            failure ??= reason;
            EndIfOver();
        }
    }

    private void EndIfOver()
    {
        if (running > 0 || done.Task.IsCompleted) return;
        if (failure is not null)
        {
            foreach (var part in parts) part.Outputs.Dispose();
            parts.Clear();
            done.SetException(failure);
        }
        else if (unanswered == 0)
        {
            End();
        }
    }

    private void End()
    {
        parts.Sort((a, b) => a.First.CompareTo(b.First));
        try
        {
            var outputs = OutputJoin.Join(parts);
            done.SetResult(new Execution(
                outputs,
                clock.GetElapsedTime(admitted, parts.Min(part => part.Started)),
                TimeSpan.FromTicks(parts.Sum(part => part.Computed.Ticks)),
                parts.Max(part => part.BatchSize)));
        }
        catch (Exception e)
        {
            // Whatever kept its parts from being joined, the one who waits must hear of it.
            done.SetException(e);
        }
    }
}
