using System.Collections.Immutable;
using Platform.Core.Serving;

namespace Platform.Worker.Serving;

/// <summary>How far this worker is with each version, for the lease and for health.</summary>
internal sealed class LoadReport
{
    private readonly TaskCompletionSource firstPass = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableArray<LoadedVersion> versions = [];

    /// <summary>Raised after <see cref="Versions"/> changed.</summary>
    public event Action? Changed;

    public ImmutableArray<LoadedVersion> Versions => versions;

    /// <summary>Whether each version of the first plans was loaded, or tried.</summary>
    public bool IsFirstPassDone => firstPass.Task.IsCompleted;

    public void Publish(ImmutableArray<LoadedVersion> current)
    {
        if (current.SequenceEqual(versions)) return;
        ImmutableInterlocked.InterlockedExchange(ref versions, current);
        Changed?.Invoke();
    }

    public void FinishFirstPass() => firstPass.TrySetResult();
}
