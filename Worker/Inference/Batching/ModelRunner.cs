using System.Collections.Immutable;
using System.Diagnostics;
using Platform.ServiceDefaults;
using Platform.Worker.Onnx;
using Platform.Worker.Serving;
using Platform.Worker.Tensors;

namespace Platform.Worker.Inference.Batching;

/// <summary>One run of a model, counted and learnt from.</summary>
internal sealed class ModelRunner(
    WorkerState state, WorkerTelemetry telemetry, InferenceCounting counting, WorkerStatistics statistics, TimeProvider clock)
{
    /// <exception cref="ModelRunException">The model failed.</exception>
    public ModelOutputs Run(
        ServedVersion version, Tensor[] inputs, ImmutableArray<TensorSpec> outputs, int items, Activity? activity, out TimeSpan computed)
    {
        activity?.SetTag(TelemetryNames.DeviceTag, version.Model.Device).SetTag(TelemetryNames.BatchSizeTag, items);
        var started = clock.GetTimestamp();
        var results = version.Model.Run(inputs, outputs);
        computed = clock.GetElapsedTime(started);
        state.AddBusy(computed);
        telemetry.Ran(version, items, computed);
        counting.Ran(version.Id, items);
        statistics.Of(version.Id).Ran(items, computed);
        version.Profile.Observe(items, computed, version.Timeout);
        return results;
    }
}
