using Platform.Core.Jobs;
using Platform.SharedState.Jobs;
using Platform.Tests;

namespace Platform.SharedState.Tests.Jobs;

public sealed class WorkLineTests(RedisServer redis) : IClassFixture<RedisServer>, IDisposable
{
    private static readonly DateTimeOffset Later = JobStage.Now.AddSeconds(11);
    private readonly JobStage stage = new(redis);
    private readonly string worker = $"w-{Guid.NewGuid():n}";

    public void Dispose() => stage.Dispose();

    [Fact]
    public async Task Shards_TakenByManyAtOnce_AreEachTakenOnceAndInOrder()
    {
        await stage.OpenAsync(20);
        var first = await stage.TakeAsync(worker);
        Assert.Equal((new WorkItem(stage.Order.Id, WorkKind.Shard), JobStage.Shard(0)), (first!.Item, first.Shard));

        var others = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => stage.TakeAsync($"{worker}-{i}")));

        Assert.Equal(Enumerable.Range(1, 19), others.OfType<WorkLease>().Select(lease => lease.Item.Shard).Order());
    }

    [Fact]
    public async Task Take_GoesByPriorityAndThenByAge()
    {
        var (low, old, urgent) = (
            JobStage.NewOrder(9, 100, stage.Order.Model), JobStage.NewOrder(5, 50, stage.Order.Model), JobStage.NewOrder(1, 0, stage.Order.Model));
        foreach (var order in (WorkOrder[])[low, stage.Order, old, urgent]) await stage.OpenAsync(1, order);

        var taken = new List<string>();
        while (await stage.TakeAsync(worker) is { } lease) taken.Add(lease.Order.Id);

        Assert.Equal([urgent.Id, old.Id, stage.Order.Id, low.Id], taken);
    }

    [Fact]
    public async Task Take_OfAJobThatComesWhileALongOneIsWorkedOn_GoesInTurnWithIt()
    {
        await stage.OpenAsync(40);
        for (var shard = 0; shard < 20; shard++) await stage.TakeAsync(worker);
        var younger = JobStage.NewOrder(stage.Order.Priority, ageSeconds: -17, stage.Order.Model);
        await stage.OpenAsync(10, younger);

        // Each shard counts as a second: the younger job's first three go before the older one's twentieth.
        var taken = new List<(bool IsYounger, int Shard)>();
        for (var i = 0; i < 9; i++) taken.Add(Of((await stage.TakeAsync(worker))!));

        Assert.Equal([(true, 0), (true, 1), (true, 2)], taken.Take(3));
        Assert.Equal(3, taken.Skip(3).Count(one => one.IsYounger));
        Assert.Equal([20, 21, 22], taken.Where(one => !one.IsYounger).Select(one => one.Shard));

        (bool, int) Of(WorkLease lease) => (lease.Order.Id == younger.Id, lease.Item.Shard);
    }

    [Fact]
    public async Task Take_OfAWorkerWithoutTheVersion_GivesNothing()
    {
        await stage.OpenAsync(1);
        Assert.Null(await stage.Line.TakeAsync(worker, queue => queue == WorkQueues.Of(stage.Order.Model, "2.0.0", new('a', 64)), Later));
        Assert.NotNull(await stage.TakeAsync(worker));
    }

    [Fact]
    public async Task Lease_ThatIsRenewed_IsNotTakenAway()
    {
        await stage.OpenAsync(1);
        var lease = (await stage.TakeAsync(worker))!;
        Assert.True(await stage.Line.RenewAsync(lease, Later.AddSeconds(10)));

        await stage.Line.ReclaimAsync(Later, maxLosses: 1);

        Assert.Null(await stage.TakeAsync("other"));
        Assert.True(await stage.Line.RenewAsync(lease, Later.AddSeconds(20)));
    }

    [Fact]
    public async Task Lease_OfAWorkerThatDied_GoesToAnotherAndTheDeadOneIsToldSo()
    {
        await stage.OpenAsync(1);
        var lost = (await stage.TakeAsync(worker))!;
        await stage.Line.ReclaimAsync(JobStage.Now, maxLosses: 2);
        Assert.Null(await stage.TakeAsync("other"));

        await stage.Line.ReclaimAsync(Later, maxLosses: 2);

        var lease = (await stage.TakeAsync("other", Later))!;
        Assert.Equal(lost.Item, lease.Item);
        Assert.False(await stage.Line.RenewAsync(lost, Later.AddSeconds(10)));
        // What the dead one gives back, should it live after all, is not his to give.
        await stage.Line.GiveBackAsync(lost);
        Assert.Null(await stage.TakeAsync("third", Later));
        Assert.True(await stage.Line.RenewAsync(lease, Later.AddSeconds(10)));
    }

    [Fact]
    public async Task Shard_ThatKillsItsWorkerTwice_IsPutAsideWithItsRows()
    {
        await stage.OpenAsync(2);
        for (var death = 0; death < 2; death++)
        {
            var lease = (await stage.TakeAsync($"{worker}-{death}", JobStage.Now.AddMinutes(death)))!;
            Assert.Equal((0, death > 0), (lease.Item.Shard, lease.IsSuspect));
            // Two who notice the same death count it once.
            await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => stage.Line.ReclaimAsync(JobStage.Now.AddMinutes(death).AddSeconds(11), maxLosses: 2)));
        }

        var next = (await stage.TakeAsync("other", Later))!;
        Assert.Equal((1, false), (next.Item.Shard, next.IsSuspect));
        var result = Assert.Single(await stage.Book.ResultsAsync(stage.Order.Id));
        Assert.Equal((0, 10, 10), (result.Number, result.Rows, result.Failed));
        Assert.Contains("died", result.Aside, StringComparison.Ordinal);
        Assert.Equal((0, 10, 1), await CountsAsync());
        Assert.Equal(1, (await stage.Book.ProgressAsync(stage.Order.Id))!.ShardsAside);
    }

    [Fact]
    public async Task Lease_OfAWorkerThatWasOnlySlow_CostsNoAttempt()
    {
        await stage.OpenAsync(1);
        for (var time = 0; time < 5; time++)
        {
            await stage.LiveAsync($"{worker}-{time}");
            Assert.NotNull(await stage.TakeAsync($"{worker}-{time}", JobStage.Now.AddMinutes(time)));
            await stage.Line.ReclaimAsync(JobStage.Now.AddMinutes(time).AddSeconds(11), maxLosses: 2);
        }

        Assert.NotNull(await stage.TakeAsync("other"));
        Assert.Empty(await stage.Book.ResultsAsync(stage.Order.Id));
    }

    [Fact]
    public async Task Work_ThatIsGivenBack_CostsNoAttemptAndThatFailsDoes()
    {
        await stage.OpenAsync(1);
        for (var time = 0; time < 5; time++) await stage.Line.GiveBackAsync((await stage.TakeAsync(worker))!);
        await stage.Line.FailAsync((await stage.TakeAsync(worker))!, "It failed: no memory.", maxLosses: 2);
        Assert.Empty(await stage.Book.ResultsAsync(stage.Order.Id));

        await stage.Line.FailAsync((await stage.TakeAsync(worker))!, "It failed: no memory.", maxLosses: 2);

        Assert.Contains("no memory", Assert.Single(await stage.Book.ResultsAsync(stage.Order.Id)).Aside, StringComparison.Ordinal);
        Assert.Null(await stage.TakeAsync(worker));
    }

    [Fact]
    public async Task Reading_ThatKillsItsWorkersTwice_FailsTheJob()
    {
        await stage.Book.OpenAsync(stage.Order);
        for (var death = 0; death < 2; death++)
        {
            var lease = await UntilOursAsync(JobStage.Now.AddMinutes(death));
            Assert.Equal(WorkKind.Scan, lease.Item.Kind);
            await stage.Line.ReclaimAsync(JobStage.Now.AddMinutes(death).AddSeconds(11), maxLosses: 2);
        }

        Assert.Equal(JobReason.WorkersLost, (await stage.Book.ProgressAsync(stage.Order.Id))!.Fault!.Reason);
    }

    [Fact]
    public async Task Work_OnAJobThatEnded_IsNotGivenOutAndTheRestIsLost()
    {
        await stage.OpenAsync(2);
        var lease = (await stage.TakeAsync(worker))!;

        await stage.Book.CloseAsync(stage.Order.Id);

        Assert.False(await stage.Line.RenewAsync(lease, Later));
        Assert.Null(await stage.TakeAsync("other"));
        await stage.Line.ReclaimAsync(Later, maxLosses: 1);
        Assert.Null(await stage.TakeAsync("other"));
        Assert.Empty(await stage.Book.ResultsAsync(stage.Order.Id));
    }

    [Fact]
    public async Task Shard_WhoseWorkerDiedAfterItsResult_IsNotDoneAgain()
    {
        await stage.OpenAsync(1);
        await stage.TakeAsync(worker);
        await stage.Book.CommitAsync(stage.Order.Id, JobStage.Result(0));

        await stage.Line.ReclaimAsync(Later, maxLosses: 2);

        Assert.Null(await stage.TakeAsync("other", Later));
        Assert.Equal((10, 0, 1), await CountsAsync());
    }

    private async Task<(long, long, int)> CountsAsync()
    {
        var progress = (await stage.Book.ProgressAsync(stage.Order.Id))!;
        return (progress.RowsDone, progress.RowsFailed, progress.ShardsDone);
    }

    /// <summary>The queue that is everyone's has other tests' work in it as well.</summary>
    private async Task<WorkLease> UntilOursAsync(DateTimeOffset at)
    {
        while (await stage.Line.TakeAsync(worker, queue => queue == WorkQueues.Anyone, at.AddSeconds(10)) is { } lease)
        {
            if (lease.Order.Id == stage.Order.Id) return lease;
        }

        throw new InvalidOperationException("The job's input waits nowhere.");
    }
}
