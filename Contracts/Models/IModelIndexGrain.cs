using Orleans.Concurrency;
using Platform.Core.Models;

namespace Platform.Contracts.Models;

/// <summary>All models in brief, for lists and search. There is one; key: <see cref="Key"/>.</summary>
[Alias("platform.modelIndex")]
public interface IModelIndexGrain : IGrainWithStringKey
{
    const string Key = "models";

    [Alias("put")]
    Task PutAsync(ModelSummary summary);

    [Alias("remove")]
    Task RemoveAsync(string model);

    [ReadOnly, Alias("list")]
    Task<Page<ModelSummary>> ListAsync(ModelQuery query);
}
