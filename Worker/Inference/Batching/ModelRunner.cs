using System.Collections.Immutable;
using System.Diagnostics;
using Platform.ServiceDefaults;
using Platform.Worker.Onnx;
using Platform.Worker.Serving;
using Platform.Worker.Tensors;

namespace Platform.Worker.Inference.Batching;

/// <summary>One run of a model, counted and learnt from.</summary>
internal sealed class ModelRunner(WorkerState state, WorkerTelemetry telemetry, WorkerStatistics statistics, TimeProvider clock)
{
    /// <exception cref="ModelRunException">The model failed.</exception>
    public ModelOutputs Run(
        ServedVersion version, Tensor[] inputs, ImmutableArray<TensorSpec> outputs, int items, Activity? activity, out TimeSpan computed)
    {
        activity?.SetTag(TelemetryNames.DeviceTag, version.Model.Device);
        var started = clock.GetTimestamp();
        var results = version.Model.Run(inputs, outputs);
        computed = clock.GetElapsedTime(started);
        state.AddBusy(computed);
        telemetry.Ran(version, computed);
        statistics.Of(version.Id).Ran(items, computed);
        version.Profile.Observe(items, computed, version.Timeout);
        return results;
    }
}
