namespace Platform.Worker.Jobs;

/// <summary>
/// Places to work at, so many at a time, or all of them for one piece alone. A piece over which a worker died is worked on
/// alone, so that the next death is not held against those that were only in hand with it.
/// </summary>
internal sealed class WorkPlaces(int count) : IDisposable
{
    private readonly SemaphoreSlim door = new(1);
    private readonly SemaphoreSlim free = new(count);

    public Task<Place> EnterAsync(CancellationToken cancellation) => TakeAsync(1, cancellation);

    /// <summary>Waits until everybody else has left; who comes later waits at the door.</summary>
    public Task<Place> EnterAloneAsync(CancellationToken cancellation) => TakeAsync(count, cancellation);

    public void Dispose()
    {
        door.Dispose();
        free.Dispose();
    }

    private async Task<Place> TakeAsync(int wanted, CancellationToken cancellation)
    {
        await door.WaitAsync(cancellation);
        var taken = 0;
        try
        {
            for (; taken < wanted; taken++) await free.WaitAsync(cancellation);
            return new Place(free, taken);
        }
        catch
        {
            if (taken > 0) free.Release(taken);
            throw;
        }
        finally
        {
            door.Release();
        }
    }

    internal readonly struct Place(SemaphoreSlim free, int taken) : IDisposable
    {
        public void Dispose() => free.Release(taken);
    }
}
