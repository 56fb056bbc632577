using System.Collections.Immutable;
using Platform.Core.Serving;

namespace Platform.Worker.Serving;

/// <summary>What was counted of a version since it was last taken.</summary>
internal sealed class VersionCounters
{
    private static readonly int StepCount = Enum.GetValues<CountedStep>().Length;
    private readonly Lock gate = new();
    private readonly SortedDictionary<int, CountedTime[]> batches = [];
    private CountedTime[] steps = new CountedTime[StepCount];
    private DateTimeOffset? last;
    private long inferences;
    private long executions;

    /// <summary>A run of the model.</summary>
    public void Ran(int items, TimeSpan computed)
    {
        lock (gate)
        {
            executions++;
            Add(BatchOf(items), CountedStep.ComputeInfer, computed);
        }
    }

    public void Failed(TimeSpan total)
    {
        lock (gate) Add(steps, CountedStep.Fail, total);
    }

    public void Answered(in AnsweredTimes times, int items, int batchSize, DateTimeOffset at)
    {
        lock (gate)
        {
            last = at;
            inferences += items;
            Add(steps, CountedStep.Success, times.Total);
            Add(steps, CountedStep.Queue, times.Queued);
            Add(steps, CountedStep.ComputeInput, times.Input);
            Add(steps, CountedStep.ComputeInfer, times.Computed);
            Add(steps, CountedStep.ComputeOutput, times.Output);
            var batch = BatchOf(batchSize);
            Add(batch, CountedStep.ComputeInput, times.Input);
            Add(batch, CountedStep.ComputeOutput, times.Output);
        }
    }

    /// <summary>What was counted since the last call; null when nothing was.</summary>
    public InferenceCounters? Take()
    {
        lock (gate)
        {
            if (executions == 0 && Array.TrueForAll(steps, step => step.Count == 0)) return null;
            var taken = new InferenceCounters(
                last, inferences, executions, ToDictionary(steps),
                batches.ToImmutableSortedDictionary(batch => batch.Key, batch => ToDictionary(batch.Value)));
            (steps, inferences, executions, last) = (new CountedTime[StepCount], 0, 0, null);
            batches.Clear();
            return taken;
        }
    }

    private static ImmutableDictionary<CountedStep, CountedTime> ToDictionary(CountedTime[] times) => Enum.GetValues<CountedStep>()
        .Where(step => times[(int)step].Count > 0)
        .ToImmutableDictionary(step => step, step => times[(int)step]);

    private static void Add(CountedTime[] times, CountedStep step, TimeSpan time) =>
        times[(int)step] += new CountedTime(1, Math.Max(0, time.Ticks) * TimeSpan.NanosecondsPerTick);

    private CountedTime[] BatchOf(int size)
    {
        if (!batches.TryGetValue(size, out var batch)) batches[size] = batch = new CountedTime[StepCount];
        return batch;
    }
}

/// <summary>Where the time of a request went.</summary>
internal readonly record struct AnsweredTimes(TimeSpan Total, TimeSpan Queued, TimeSpan Input, TimeSpan Computed, TimeSpan Output);
