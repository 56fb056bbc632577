using Platform.Core.Jobs;

namespace Platform.Silo.Jobs;

/// <summary>What is stored of a job. <see cref="Job"/> is null while there is none.</summary>
internal sealed record JobRecord
{
    public int Schema { get; init; } = 1;

    /// <summary>Without its fault.</summary>
    public JobState? Job { get; init; }

    /// <summary>Sealed.</summary>
    public byte[]? Fault { get; init; }
}
