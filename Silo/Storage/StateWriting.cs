using Orleans.Storage;
using Platform.Contracts;

namespace Platform.Silo.Storage;

/// <summary>Write first, believe second.</summary>
internal static class StateWriting
{
    /// <summary>
    /// Writes <paramref name="next"/> and adopts it only when the write succeeded. When it failed, nobody knows what
    /// the store holds: the old value stays in memory for this call's caller and <paramref name="forget"/> (the grain's
    /// DeactivateOnIdle) has the next call read the store again.
    /// </summary>
    /// <exception cref="ControlPlaneUnavailableException">The store did not take it.</exception>
    public static async Task WriteAsync<T>(this IPersistentState<T> state, T next, Action forget)
    {
        var before = state.State;
        state.State = next;
        try
        {
            await state.WriteStateAsync();
        }
        catch (InconsistentStateException)
        {
            // Orleans itself drops the activation on this one; the caller tries again against the fresh state.
            state.State = before;
            throw;
        }
        catch (Exception e)
        {
            state.State = before;
            forget();
            throw new ControlPlaneUnavailableException($"The state store did not take a write: {e.Message}");
        }
    }
}
