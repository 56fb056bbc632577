using System.Collections.Immutable;
using System.Diagnostics;
using Platform.Core.Batching;
using Platform.ServiceDefaults;
using Platform.Worker.Onnx;
using Platform.Worker.Serving;
using Platform.Worker.Tensors;

namespace Platform.Worker.Inference.Batching;

/// <summary>Runs requests of one version together and gives each its own items back.</summary>
internal sealed class BatchRun(ServedVersion version, IReadOnlyList<BatchSlice<PendingRequest>> slices, ModelRunner runner, TimeProvider clock)
{
    public ServedVersion Version => version;

    public IReadOnlyList<BatchSlice<PendingRequest>> Slices => slices;

    public void Execute()
    {
        // It may have taken a while until a thread was there for it.
        var now = clock.GetElapsedTime(0);
        var live = new List<BatchSlice<PendingRequest>>(slices.Count);
        foreach (var slice in slices)
        {
            if (slice.Request.Deadline <= now) slice.Request.Item.Fail(Refusals.Expired(slice.Request.Item.Timeout));
            else live.Add(slice);
        }

        if (live.Count == 0 || TryTogether(live) is not { } failure) return;
        if (live.Count == 1) live[0].Request.Item.Fail(failure);
        else foreach (var slice in live) Alone(slice);
    }

    /// <summary>What one of them did to the model must not be the others' fault.</summary>
    private void Alone(BatchSlice<PendingRequest> slice)
    {
        if (TryTogether([slice]) is { } failure) slice.Request.Item.Fail(failure);
    }

    /// <summary>Answers all of them, or none and says why.</summary>
    private Exception? TryTogether(List<BatchSlice<PendingRequest>> batch)
    {
        RequestPart[] parts;
        try
        {
            parts = Run(batch);
        }
        catch (Exception e)
        {
            // Whatever it was, those who wait must hear of it; nobody else would tell them.
            return e;
        }

        for (var i = 0; i < parts.Length; i++) batch[i].Request.Item.Succeed(parts[i], batch[i].Count);
        return null;
    }

    private RequestPart[] Run(List<BatchSlice<PendingRequest>> batch)
    {
        var items = batch.Sum(slice => slice.Count);
        using var inputs = InputJoin.Of(batch);
        var started = clock.GetTimestamp();
        var outputs = Run(batch, inputs.Inputs, Wanted(batch), items, out var computed);
        if (batch is [{ First: 0 } only] && only.Count == only.Request.Size) return [new(0, outputs, started, computed, items)];
        if (!OutputSplit.Fits(outputs, items))
        {
            outputs.Dispose();
            throw new ModelRunException("the outputs do not have an item for each of the inputs'", refusedInputs: false, null);
        }

        var split = new OutputSplit(outputs, batch.Count);
        var first = 0;
        var parts = new RequestPart[batch.Count];
        for (var i = 0; i < parts.Length; i++)
        {
            var own = split.Take(first, batch[i].Count, batch[i].Request.Item.Request.OutputSpecs);
            parts[i] = new(batch[i].First, own, started, computed, items);
            first += batch[i].Count;
        }

        return parts;
    }

    private ModelOutputs Run(
        List<BatchSlice<PendingRequest>> batch, Tensor[] inputs, ImmutableArray<TensorSpec> wanted, int items, out TimeSpan computed)
    {
        // The run is in the trace of the first request, and says of which others it is, as each of them says of it.
        var spans = batch.Select(slice => slice.Request.Item.Span).OfType<Activity>().ToArray();
        using var activity = WorkerTelemetry.Source.StartActivity(
            TelemetryNames.RunSpan, ActivityKind.Internal, spans.FirstOrDefault()?.Context ?? default,
            links: spans.Skip(1).Select(span => new ActivityLink(span.Context)));
        foreach (var slice in batch) slice.Request.Item.TraceRun(activity);
        return runner.Run(version, inputs, wanted, items, activity, out computed);
    }

    private ImmutableArray<TensorSpec> Wanted(List<BatchSlice<PendingRequest>> batch)
    {
        var wanted = batch[0].Request.Item.Request.OutputSpecs;
        return batch.TrueForAll(slice => slice.Request.Item.Request.OutputSpecs == wanted) ? wanted : version.Model.Interface.Outputs;
    }
}
