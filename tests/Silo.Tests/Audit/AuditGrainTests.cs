using System.Collections.Immutable;
using Platform.Contracts;
using Platform.Core.Audit;
using Platform.SharedState.Audit;
using Platform.Silo.Audit;

namespace Platform.Silo.Tests.Audit;

public sealed class AuditGrainTests(Cluster cluster)
{
    [Fact]
    public async Task Entries_AppendedByManyAtOnce_AreAllInTheLog()
    {
        var entries = Enumerable.Range(0, 2000).Select(i => AuditLog.Entry(i)).ToArray();
        await Task.WhenAll(entries.Chunk(7).Select(part => cluster.Audit.AppendAsync([.. part])));
        var ids = await IdsAsync();
        Assert.All(entries, entry => Assert.Single(ids, entry.Id));
        await AssertValidAsync();
    }

    [Fact]
    public async Task Entry_AppendedAgain_IsThereOnce()
    {
        var entry = AuditLog.Entry(1);
        var first = await cluster.Audit.AppendAsync([entry, entry]);
        var again = await cluster.Audit.AppendAsync([entry]);
        Assert.Equal(first.Size, again.Size);
        Assert.Single(await IdsAsync(), entry.Id);
    }

    [Fact]
    public async Task Entry_AppendedAgainAfterTheGrainForgot_IsThereOnce()
    {
        var (entry, next) = (AuditLog.Entry(1), AuditLog.Entry(2));
        await cluster.Audit.AppendAsync([entry]);
        await Cluster.ForgetAsync(cluster.Audit);
        await cluster.Audit.AppendAsync([entry, next]);
        var ids = await IdsAsync();
        Assert.Single(ids, entry.Id);
        Assert.Single(ids, next.Id);
        await AssertValidAsync();
    }

    [Fact]
    public async Task Entry_AppendedBehindTheGrainsBack_ForksNothing()
    {
        var (store, keys) = (cluster.Service<AuditStore>(), cluster.Service<AuditKeys>());
        await cluster.Audit.AppendAsync([AuditLog.Entry(1)]);
        var tail = await AuditTail.ReadAsync(store, keys, "platform.audit");
        var foreign = AuditLog.Entry(2) with { At = tail.LastAt };
        Assert.True(await store.TryAppendAsync(tail.Next([foreign], tail.LastAt, keys, _ => false)));

        var next = AuditLog.Entry(3);
        await cluster.Audit.AppendAsync([next]);
        Assert.Equal([foreign.Id, next.Id], (await IdsAsync())[^2..]);
        await AssertValidAsync();
    }

    [Fact]
    public async Task Entries_BeyondWhatMayWait_AreRefused()
    {
        var most = new AuditOptions().MaxWaiting;
        var entry = AuditLog.Entry(1);
        await Assert.ThrowsAsync<ControlPlaneUnavailableException>(() => cluster.Audit.AppendAsync([.. Enumerable.Repeat(entry, most + 1)]));
        Assert.DoesNotContain(entry.Id, await IdsAsync());
    }

    [Fact]
    public async Task Times_OfTheLog_NeverGoBack()
    {
        for (var i = 0; i < 20; i++) await cluster.Audit.AppendAsync([AuditLog.Entry(i)]);
        var times = (await EntriesAsync()).Select(entry => entry.At).ToArray();
        Assert.Equal(times.Order(), times);
    }

    private async Task AssertValidAsync() =>
        Assert.True((await new AuditVerification(cluster.Service<AuditStore>(), cluster.Service<AuditKeys>())
            .RunAsync(0, TestContext.Current.CancellationToken)).Valid);

    private async Task<Guid[]> IdsAsync() => [.. (await EntriesAsync()).Select(entry => entry.Id)];

    private async Task<ImmutableArray<AuditEntry>> EntriesAsync()
    {
        var (store, all) = (cluster.Service<AuditStore>(), ImmutableArray.CreateBuilder<AuditEntry>());
        for (var chunk = 0; ; chunk++)
        {
            var entries = await store.ReadEntriesAsync(chunk);
            all.AddRange(entries.Select(bytes => AuditEncoding.Decode(bytes)!));
            if (entries.Length < AuditStore.ChunkEntries) return all.ToImmutable();
        }
    }
}
