using Platform.Core.Jobs;

namespace Platform.Silo.Jobs;

/// <summary>What is stored of a job. <see cref="Job"/> is null while there is none.</summary>
internal sealed record JobRecord
{
    public int Schema { get; init; } = 1;

    public JobState? Job { get; init; }
}
