using Platform.Contracts.Experiments;
using Platform.SharedState;
using Platform.SharedState.Driven;

namespace Platform.Silo.Experiments;

internal static class ExperimentServices
{
    public static IServiceCollection AddExperiments(this IServiceCollection services) => services
        .AddExperimentStore()
        .AddOpenWork()
        .AddWaker(WorkKind.Experiment, (grains, experiment) => grains.GetGrain<IExperimentGrain>(experiment).PeekAsync());
}
