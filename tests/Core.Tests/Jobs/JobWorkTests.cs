using CsCheck;
using Platform.Core.Jobs;

namespace Platform.Core.Tests.Jobs;

public sealed class JobWorkTests
{
    [Fact]
    public void Cut_AnyRows_GivesEachRowToOneShardInOrderAndKeepsToTheSize() =>
        Gen.Select(Gen.Int[1, 40].Array[0, 200], Gen.Int[1, 20], Gen.Int[1, 100]).Sample((rows, maxRows, maxBytes) =>
        {
            var shards = Cut(rows, new ShardSize(maxRows, maxBytes));
            Assert.Equal(rows.Length, shards.Sum(shard => shard.Rows));
            var first = 0L;
            foreach (var (shard, i) in shards.Select((shard, i) => (shard, i)))
            {
                Assert.Equal((i, first), (shard.Number, shard.First));
                Assert.InRange(shard.Rows, 1, maxRows);
                var bytes = rows.Skip((int)shard.First).Take(shard.Rows).Sum();
                Assert.True(bytes <= maxBytes || shard.Rows == 1);
                first += shard.Rows;
            }

            Assert.Equal(shards, Cut(rows, new ShardSize(maxRows, maxBytes)));
        });

    [Theory]
    [InlineData(WorkKind.Scan, 0)]
    [InlineData(WorkKind.Finish, 0)]
    [InlineData(WorkKind.Shard, 0)]
    [InlineData(WorkKind.Shard, 1_234)]
    public void Item_AsText_IsReadAgain(WorkKind kind, int shard) =>
        Assert.Equal(new WorkItem("abc", kind, shard), WorkItem.Parse(new WorkItem("abc", kind, shard).ToString()));

    [Fact]
    public void Items_OfOneJob_SortByTheirNumbers()
    {
        var texts = Enumerable.Range(0, 1_100).Select(i => new WorkItem("abc", WorkKind.Shard, i).ToString()).ToArray();
        Assert.Equal(texts, texts.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Rate_OfASteadyJob_IsItsRateAndSaysWhenItEnds()
    {
        var now = JobSamples.Start;
        var rate = RowRate.Begin(0, now);
        for (var i = 1; i <= 10; i++) rate = rate.Observe(i * 100, now.AddSeconds(i));
        Assert.Equal(100, rate.PerSecond!.Value, 1e-9);
        var end = rate.EndOf(JobProgress.None with { RowsTotal = 2_000, RowsDone = 900, RowsFailed = 100 }, now.AddSeconds(10));
        Assert.Equal(now.AddSeconds(20), end);
    }

    [Fact]
    public void Rate_AfterAHalfLifeOfStandingStill_IsHalf()
    {
        var rate = RowRate.Begin(0, JobSamples.Start).Observe(100, JobSamples.Start.AddSeconds(1));
        Assert.Equal(50, rate.Observe(100, JobSamples.Start.AddSeconds(1) + RowRate.HalfLife).PerSecond!.Value, 1e-9);
    }

    [Fact]
    public void Rate_WithoutNewsOrATotal_PromisesNothing()
    {
        var rate = RowRate.Begin(0, JobSamples.Start);
        Assert.Null(rate.Observe(0, JobSamples.Start.AddSeconds(5)).PerSecond);
        Assert.Same(rate, rate.Observe(10, JobSamples.Start));
        Assert.Null(rate.EndOf(JobProgress.None with { RowsTotal = 10 }, JobSamples.Start));
        Assert.Null(rate.Observe(10, JobSamples.Start.AddSeconds(1)).EndOf(JobProgress.None, JobSamples.Start));
    }

    [Fact]
    public void Pace_WhileRequestsComeWithoutGaps_RestsByWhatWasWorked()
    {
        // Nine times what was worked, or until there is a gap, whichever comes first.
        Assert.Equal(TimeSpan.FromMilliseconds(18), Pace.WaitBefore(Ms(0), Ms(0), Ms(2)));
        Assert.Equal(Ms(8), Pace.WaitBefore(Ms(0), Ms(10), Ms(2)));
        Assert.Equal(TimeSpan.Zero, Pace.WaitBefore(Ms(0), Ms(18), Ms(2)));
        Assert.Equal(Ms(20), Pace.WaitBefore(Ms(0), Ms(0), Ms(500)));
        Assert.Equal(Ms(5), Pace.WaitBefore(Ms(15), Ms(0), Ms(500)));
        Assert.Equal(TimeSpan.Zero, Pace.WaitBefore(Ms(1), TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)));
    }

    [Fact]
    public void Pace_InAGap_RestsLess_AndWithoutRequestsNotAtAll()
    {
        Assert.Equal(Ms(2), Pace.WaitBefore(Ms(20), Ms(0), Ms(2)));
        Assert.Equal(Ms(0.5), Pace.WaitBefore(Ms(100), Ms(1.5), Ms(2)));
        Assert.Equal(TimeSpan.Zero, Pace.WaitBefore(Ms(20), Ms(2), Ms(2)));
        Assert.Equal(TimeSpan.Zero, Pace.WaitBefore(TimeSpan.FromSeconds(2), Ms(0), Ms(500)));
        Assert.Equal(TimeSpan.Zero, Pace.WaitBefore(null, Ms(0), Ms(500)));
        Assert.Equal((true, true, false, false), (Pace.IsLive(Ms(0)), Pace.IsLive(Ms(20)), Pace.IsLive(TimeSpan.FromSeconds(2)), Pace.IsLive(null)));
    }

    [Fact]
    public void Pace_SizesRunsByWhatARowTakes() => Assert.Equal((4, 1, 8, 1), (
        Pace.RowsWhileLive(Ms(0.5), 32), Pace.RowsWhileLive(Ms(5), 32), Pace.RowsWhileLive(Ms(0.001), 8), Pace.RowsWhileLive(TimeSpan.Zero, 32)));

    private static LivePace Pace { get; } = new(TimeSpan.FromSeconds(2), Ms(20), 0.5, 0.1, Ms(2), TimeSpan.FromSeconds(1));

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static List<(int Number, long First, int Rows)> Cut(int[] rows, ShardSize size)
    {
        var (cut, shards) = (new ShardCut(size), new List<(int, long, int)>());
        foreach (var bytes in rows)
        {
            if (cut.EndsBefore(bytes)) End();
            cut.Add(bytes);
        }

        if (cut.Rows > 0) End();
        return shards;

        void End()
        {
            shards.Add((cut.Number, cut.First, cut.Rows));
            cut.Next();
        }
    }
}
