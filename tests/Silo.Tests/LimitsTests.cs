using Platform.Contracts;
using Platform.Contracts.Limits;
using Platform.Core.Limits;
using Platform.Core.Results;

namespace Platform.Silo.Tests;

[Collection(nameof(FlakyStorage))] // They tell the one storage what to fail.
public sealed class LimitsTests(Cluster cluster)
{
    private static readonly LimitPolicy Ten = new(new(10, TimeSpan.FromMinutes(1)), null, null);
    private readonly string subject = LimitSubject.OfModel($"m-{Guid.NewGuid():n}");

    private ILimitsGrain Limits => cluster.Limits;

    [Fact]
    public async Task Limit_ThatIsSet_IsPublishedAndListedUntilItIsLifted()
    {
        var first = (await Limits.PutAsync(subject, Ten, null)).Value!.Revision;
        Assert.True((await Limits.PutAsync(subject, Ten, expectedRevision: first)).Value!.Revision > first);

        Assert.True(await cluster.Redis.GetDatabase().HashExistsAsync("limits", subject));
        Assert.Contains((await Limits.ListAsync(500, null)).Items, limit => limit.Subject == subject);

        Assert.Null((await Limits.RemoveAsync(subject, null)).Refusal);
        Assert.False(await cluster.Redis.GetDatabase().HashExistsAsync("limits", subject));
        Assert.Equal(RefusalReason.NotFound, (await Limits.GetAsync(subject)).Refusal!.Reason);
        Assert.True((await Limits.PutAsync(subject, Ten, null)).Value!.Revision > first, "Set again it would go on with the old buckets.");
    }

    [Fact]
    public async Task Limit_ThatIsNotValidOrOfAnotherRevision_IsRefused()
    {
        Assert.Equal("requests", (await Limits.PutAsync(subject, new(null, null, null), null)).Refusal!.Field);
        Assert.Equal(RefusalReason.PreconditionFailed, (await Limits.PutAsync(subject, Ten, expectedRevision: 3)).Refusal!.Reason);
        Assert.Equal(RefusalReason.NotFound, (await Limits.RemoveAsync(subject, null)).Refusal!.Reason);
    }

    [Fact]
    public async Task Limit_ThatCouldNotBeWritten_DoesNotHold()
    {
        cluster.Storage.Fail(ILimitsGrain.Key);
        try
        {
            await Assert.ThrowsAsync<ControlPlaneUnavailableException>(() => Limits.PutAsync(subject, Ten, null));
        }
        finally
        {
            cluster.Storage.Mend(ILimitsGrain.Key);
        }

        Assert.Equal(RefusalReason.NotFound, (await Limits.GetAsync(subject)).Refusal!.Reason);
    }
}
