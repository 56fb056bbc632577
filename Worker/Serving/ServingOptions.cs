using System.ComponentModel.DataAnnotations;

namespace Platform.Worker.Serving;

/// <summary>How much of the machine models may take.</summary>
internal sealed class ServingOptions
{
    public const string Section = "Worker";

    /// <summary>Models that run at the same time, each on one thread; 0 means one a core.</summary>
    [Range(0, 1024)]
    public int Executors { get; set; }

    public int EffectiveExecutors => Executors > 0 ? Executors : Environment.ProcessorCount;
}
