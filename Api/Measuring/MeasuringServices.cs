using Platform.Api.Serving;
using Platform.SharedState;

namespace Platform.Api.Measuring;

internal static class MeasuringServices
{
    /// <summary>Counts what the front door answers, and reads what all processes counted.</summary>
    public static IServiceCollection AddMeasuring(this IServiceCollection services) =>
        services.AddMetricCounting().AddMetricFlushing().AddMetricReader().AddSingleton<IAnswerObserver, AnswerCounting>();
}
