using Platform.Api.Serving;
using Platform.SharedState;

namespace Platform.Api.Experiments;

internal static class ExperimentServices
{
    public static IServiceCollection AddExperiments(this IServiceCollection services) => services
        .AddExperimentStore().AddMetricReader()
        .AddSingleton<LiveTraffic>()
        .AddSingleton<ExposureBuffer>().AddSingleton<IAnswerObserver>(provider => provider.GetRequiredService<ExposureBuffer>())
        .AddHostedService<ExposureWriter>();
}
