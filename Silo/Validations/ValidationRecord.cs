using Platform.Core.Models.Validations;

namespace Platform.Silo.Validations;

/// <summary>What is stored of a run. <see cref="Run"/> is null while there is none.</summary>
internal sealed record ValidationRecord
{
    public int Schema { get; init; } = 1;

    public ValidationRun? Run { get; init; }

    /// <summary>Whether the version has taken the step that the run's end stands for; only then does the run look ended.</summary>
    public bool Settled { get; init; }
}
