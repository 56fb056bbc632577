using Platform.Worker.Jobs;

namespace Platform.Worker.Tests.Jobs;

public sealed class WorkPlacesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Places_AsManyAsThereAre_AreTakenAtOnceAndTheNextWaits()
    {
        using var places = new WorkPlaces(2);
        using var first = await places.EnterAsync(Cancellation);
        var second = await places.EnterAsync(Cancellation);

        var third = places.EnterAsync(Cancellation);

        Assert.False(third.IsCompleted);
        second.Dispose();
        (await third).Dispose();
    }

    [Fact]
    public async Task WhoIsAlone_WaitsForTheOthersAndKeepsThoseOutWhoComeLater()
    {
        using var places = new WorkPlaces(3);
        var before = await places.EnterAsync(Cancellation);
        var alone = places.EnterAloneAsync(Cancellation);
        var later = places.EnterAsync(Cancellation);
        Assert.False(alone.IsCompleted);
        Assert.False(later.IsCompleted);

        before.Dispose();

        var place = await alone;
        Assert.False(later.IsCompleted);
        place.Dispose();
        (await later).Dispose();
    }

    [Fact]
    public async Task WhoGivesUpWaitingToBeAlone_LeavesThePlacesToTheOthers()
    {
        using var places = new WorkPlaces(2);
        using var before = await places.EnterAsync(Cancellation);
        using var impatient = new CancellationTokenSource();
        var alone = places.EnterAloneAsync(impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => alone);

        (await places.EnterAsync(Cancellation)).Dispose();
    }
}
