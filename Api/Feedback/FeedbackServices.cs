using Platform.Api.Serving;
using Platform.SharedState;

namespace Platform.Api.Feedback;

internal static class FeedbackServices
{
    public static IServiceCollection AddFeedback(this IServiceCollection services)
    {
        services.AddOptions<FeedbackOptions>().BindConfiguration(FeedbackOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        return services.AddQuality()
            .AddSingleton<PredictionBuffer>().AddSingleton<IAnswerObserver>(provider => provider.GetRequiredService<PredictionBuffer>())
            .AddSingleton<PredictionWriter>().AddHostedService(provider => provider.GetRequiredService<PredictionWriter>());
    }
}
