using Platform.SharedState.Artifacts;
using Platform.SharedState.Audit;

namespace Platform.Silo.Tests.Audit;

public sealed class AuditTailTests : IAsyncLifetime
{
    private readonly AuditLog log = new();

    public ValueTask InitializeAsync() => log.InitializeAsync();

    public ValueTask DisposeAsync() => log.DisposeAsync();

    [Fact]
    public async Task Tail_OfWhatAnotherWrote_KnowsItsEndAndItsIds()
    {
        await log.FillAsync(1500);
        var tail = await log.ReadAsync();
        Assert.Equal((1500, 548), (tail.Size, tail.Room));
        var last = (await log.Store.ReadEntriesAsync(1))[^1];
        Assert.True(tail.Has(Platform.Core.Audit.AuditEncoding.Decode(last)!));
        Assert.False(tail.Has(AuditLog.Entry(1)));
    }

    [Fact]
    public async Task Append_OfTwoWritersAtOnce_OnlyOneSucceeds()
    {
        await log.FillAsync(10);
        var (one, other) = (await log.ReadAsync(), await log.ReadAsync());
        var batches = new[] { one, other }.Select(tail => tail.Next([AuditLog.Entry(1)], AuditLog.Start.AddDays(1), log.Keys, _ => false)).ToArray();
        var written = await Task.WhenAll(batches.Select(log.Store.TryAppendAsync));
        Assert.Single(written, true);
        Assert.Equal(11, (await log.ReadAsync()).Size);
        Assert.True((await log.Verification.RunAsync(11, TestContext.Current.CancellationToken)).Valid);
    }

    [Theory]
    [InlineData("audit:leaves:1")]
    [InlineData("audit:entries:1")]
    [InlineData("audit:roots")]
    [InlineData("audit:head")]
    public async Task Tail_OfALogThatLacksSomething_IsNotRead(string key)
    {
        await log.FillAsync(1500);
        await log.Redis.Connection.GetDatabase().KeyDeleteAsync(key);
        await Assert.ThrowsAsync<InvalidDataException>(() => log.ReadAsync());
    }

    [Fact]
    public async Task Tail_SignedByARetiredPlatformKey_GoesOnUnderTheNewOne()
    {
        await log.FillAsync(20);
        var rotated = new AuditKeys(new AuditOptions(), new ArtifactOptions
        {
            PlatformKey = "a-new-platform-key-of-the-audit-tests-0123", RetiredKeys = ["a-platform-key-of-the-audit-tests-0123456789"],
        });
        var tail = await Platform.Silo.Audit.AuditTail.ReadAsync(log.Store, rotated, "platform.audit");
        Assert.True(await log.Store.TryAppendAsync(tail.Next([AuditLog.Entry(1)], AuditLog.Start.AddDays(1), rotated, _ => true)));
        Assert.True((await new AuditVerification(log.Store, rotated).RunAsync(21, TestContext.Current.CancellationToken)).Valid);
        Assert.False((await log.Verification.RunAsync(21, TestContext.Current.CancellationToken)).Valid);
    }
}
