using Microsoft.Extensions.Options;
using Platform.Core.Batching;
using Platform.Worker.Onnx;
using Platform.Worker.Serving;

namespace Platform.Worker.Profiling;

/// <summary>Finds out, when a version is loaded, whether its requests may share runs and from what size on that pays.</summary>
internal sealed class Profiler(ExecutorSlots slots, IOptions<ProfilingOptions> options, TimeProvider clock)
{
    /// <summary>Sizes of free dimensions that are tried: images and sequences refuse 1 more often than others.</summary>
    private static readonly int[] FreeDimensions = [32, 1];

    /// <summary>Blocks for as long as the budget allows; not for a thread of the pool.</summary>
    public VersionProfile Measure(OnnxModel model)
    {
        if (BatchDimension.Fault(model.Signature, model.Interface) is { } fault) return VersionProfile.Never(BatchSafety.NoBatchDimension, fault);
        var refusal = "its inputs are too large for samples";
        foreach (var free in FreeDimensions)
        {
            using var samples = new SampleInputs(model.Interface, free);
            if (!samples.CanMake(2)) continue;
            using var trial = new Trial(model, samples, slots, options.Value, clock);
            if (trial.TryRunAlone() is not { } failure) return trial.Measure();
            refusal = failure;
        }

        return VersionProfile.Never(BatchSafety.FailsOnSamples, refusal);
    }
}
