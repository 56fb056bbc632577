using Platform.Core.Serving;
using Platform.Worker.Serving;

namespace Platform.Worker.Tests.Serving;

public sealed class VersionCountersTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    [Fact]
    public void Take_GivesWhatWasCountedOnce()
    {
        var counters = new VersionCounters();
        counters.Ran(4, TimeSpan.FromMilliseconds(2));
        counters.Answered(new AnsweredTimes(Ms(9), Ms(1), Ms(2), Ms(2), Ms(3)), items: 3, batchSize: 4, Now);
        counters.Answered(new AnsweredTimes(Ms(9), Ms(1), Ms(2), Ms(2), Ms(3)), items: 1, batchSize: 4, Now);
        counters.Failed(Ms(5));

        var taken = counters.Take()!;

        Assert.Equal((4, 1, Now), (taken.Inferences, taken.Executions, taken.LastInference));
        Assert.Equal(new CountedTime(2, 18_000_000), taken.Steps[CountedStep.Success]);
        Assert.Equal(new CountedTime(1, 5_000_000), taken.Steps[CountedStep.Fail]);
        Assert.Equal(new CountedTime(1, 2_000_000), taken.Batches[4][CountedStep.ComputeInfer]);
        Assert.Equal(new CountedTime(2, 6_000_000), taken.Batches[4][CountedStep.ComputeOutput]);
        Assert.Null(counters.Take());
    }

    [Fact]
    public void Take_WhileOthersCount_LosesAndRepeatsNothing()
    {
        const int each = 10_000;
        var counters = new VersionCounters();
        var executions = 0L;
        Parallel.For(0, 4, worker =>
        {
            for (var i = 0; i < each; i++)
            {
                counters.Ran(1, TimeSpan.FromTicks(1));
                if (i % 100 == 0) Interlocked.Add(ref executions, counters.Take()?.Executions ?? 0);
            }
        });

        Assert.Equal(4 * each, executions + (counters.Take()?.Executions ?? 0));
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
