using System.Collections.Immutable;
using Platform.Api.Inference.Protocol;
using Platform.Core.Serving;

namespace Platform.Api.Inference.Statistics;

internal static class StatisticsMessages
{
    public static InferStatistics Requests(ImmutableDictionary<CountedStep, CountedTime> steps) => new()
    {
        Success = Of(steps, CountedStep.Success),
        Fail = Of(steps, CountedStep.Fail),
        Queue = Of(steps, CountedStep.Queue),
        ComputeInput = Of(steps, CountedStep.ComputeInput),
        ComputeInfer = Of(steps, CountedStep.ComputeInfer),
        ComputeOutput = Of(steps, CountedStep.ComputeOutput),
        CacheHit = Of(steps, CountedStep.CacheHit),
        CacheMiss = Of(steps, CountedStep.CacheMiss),
    };

    public static InferBatchStatistics Batch(int size, ImmutableDictionary<CountedStep, CountedTime> steps) => new()
    {
        BatchSize = (ulong)size,
        ComputeInput = Of(steps, CountedStep.ComputeInput),
        ComputeInfer = Of(steps, CountedStep.ComputeInfer),
        ComputeOutput = Of(steps, CountedStep.ComputeOutput),
    };

    private static StatisticDuration Of(ImmutableDictionary<CountedStep, CountedTime> steps, CountedStep step)
    {
        var time = steps.GetValueOrDefault(step);
        return new StatisticDuration { Count = (ulong)time.Count, Ns = (ulong)time.Nanoseconds };
    }
}
