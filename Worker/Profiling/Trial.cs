using Platform.Core.Batching;
using Platform.Worker.Onnx;
using Platform.Worker.Serving;
using Platform.Worker.Tensors;

namespace Platform.Worker.Profiling;

/// <summary>One model on samples: each item alone, then in growing company.</summary>
internal sealed class Trial(OnnxModel model, SampleInputs samples, ExecutorSlots slots, ProfilingOptions options, TimeProvider clock) : IDisposable
{
    private const int MaxRuns = 40;

    /// <summary>Once the time an item is this much above the best, larger sizes are not tried.</summary>
    private const double Rising = 1.25;

    /// <summary>Power-of-two kernels could hide what goes wrong at an odd size.</summary>
    private const int OddSize = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);
    private readonly ModelOutputs?[] alone = new ModelOutputs?[SampleInputs.Distinct];
    private readonly LatencyCurve curve = new();
    private readonly long began = clock.GetTimestamp();

    private bool IsSpent => clock.GetElapsedTime(began) >= options.ProfileBudget;

    /// <summary>Why it does not run one item; null when it does.</summary>
    public string? TryRunAlone()
    {
        try
        {
            Alone(0);
            return null;
        }
        catch (ModelRunException e)
        {
            return e.Message;
        }
    }

    public VersionProfile Measure()
    {
        var best = Time(1);
        if (best > options.ProfileBudget.TotalMilliseconds / 4) return VersionProfile.Never(BatchSafety.TooSlow, null, curve);
        foreach (var size in LatencyCurve.Sizes[1..])
        {
            if (!samples.CanMake(size) || (size > 2 && IsSpent)) break;
            if ((Check(size) ?? (size == 2 ? Check(OddSize) : null)) is { } unsafeProfile) return unsafeProfile;
            var itemMs = Time(size) / size;
            if (itemMs > best * Rising) break;
            best = Math.Min(best, itemMs);
        }

        return new VersionProfile(BatchSafety.Safe, null, curve);
    }

    public void Dispose()
    {
        foreach (var outputs in alone) outputs?.Dispose();
    }

    /// <summary>Holds each item of a batch against itself alone; null when all are equal.</summary>
    private VersionProfile? Check(int size)
    {
        try
        {
            for (var row = 0; row < Math.Min(size, SampleInputs.Distinct); row++) Alone(row);
            using var together = Run(samples.Make(0, size));
            for (var row = 0; row < size; row++)
            {
                if (RowComparison.Difference(Alone(row), together, row, size) is { } difference)
                    return VersionProfile.Never(BatchSafety.OutputsDiffer, difference, curve);
            }

            return null;
        }
        catch (ModelRunException e)
        {
            return VersionProfile.Never(BatchSafety.FailsAboveOne, $"a batch of {size}: {e.Message}", curve);
        }
    }

    private ModelOutputs Alone(int row) => alone[row % SampleInputs.Distinct] ??= Run(samples.Make(row, 1));

    private ModelOutputs Run(Tensor[] inputs) => slots.Run(() => model.Run(inputs, model.Interface.Outputs), Patience);

    /// <summary>The median time of a run of that size, in milliseconds.</summary>
    private double Time(int size)
    {
        var inputs = samples.Make(0, size);
        var times = new List<TimeSpan>(MaxRuns);
        var started = clock.GetTimestamp();
        do
        {
            times.Add(slots.Run(() => TimeOne(inputs), Patience));
        }
        while (times.Count < MaxRuns && clock.GetElapsedTime(started) < options.ProfileTimePerSize && !IsSpent);

        times.Sort();
        var median = times[times.Count / 2];
        curve.Measure(size, median, times.Count);
        return median.TotalMilliseconds;
    }

    private TimeSpan TimeOne(Tensor[] inputs)
    {
        var started = clock.GetTimestamp();
        using var outputs = model.Run(inputs, model.Interface.Outputs);
        return clock.GetElapsedTime(started);
    }
}
