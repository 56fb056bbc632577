using Platform.Core.Experiments;

namespace Platform.Silo.Experiments;

/// <summary>What is stored of an experiment. <see cref="Experiment"/> is null while there is none.</summary>
internal sealed record ExperimentRecord
{
    public int Schema { get; init; } = 1;

    public ExperimentState? Experiment { get; init; }
}
