using Orleans.Persistence.Redis;
using Orleans.Reminders.Redis;
using Orleans.Storage;
using Platform.Contracts;
using Platform.SharedState;

namespace Platform.Silo.Storage;

/// <summary>
/// Tells callers "not just now" in one way, whatever part of Redis failed underneath, since an exception of a storage
/// library means nothing to a client of the cluster.
/// </summary>
internal sealed class StorageFaultFilter : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (Exception e) when (e is RedisStorageException or RedisRemindersException or InconsistentStateException || RedisFault.Is(e))
        {
            throw new ControlPlaneUnavailableException($"The state store does not answer: {e.Message}");
        }
    }
}
