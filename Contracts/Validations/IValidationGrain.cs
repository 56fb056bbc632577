using Orleans.Concurrency;
using Platform.Core.Models.Validations;

namespace Platform.Contracts.Validations;

/// <summary>
/// One validation run: recorded first, then carried out by a worker, again by another should that one die. Key:
/// <c>model@version/id</c>, the version without build metadata.
/// </summary>
[Alias("platform.validation")]
public interface IValidationGrain : IGrainWithStringKey
{
    /// <summary>Records the run and begins to drive it; from then on it ends, whatever dies. For the model's grain.</summary>
    [Alias("begin")]
    Task BeginAsync(ValidationRun run);

    /// <summary>The run, or null if there is none.</summary>
    [ReadOnly, Alias("get")]
    Task<ValidationRun?> GetAsync();
}
