using Platform.Api.Serving;
using Platform.SharedState;

namespace Platform.Api.Limits;

internal static class LimitServices
{
    public static IServiceCollection AddLimits(this IServiceCollection services) => services
        .AddLimitFollower()
        .AddSingleton<BucketLink>()
        .AddSingleton<LimitBook>().AddHostedService(provider => provider.GetRequiredService<LimitBook>())
        .AddSingleton<InferenceLimits>()
        .AddSingleton<ICallGate>(provider => provider.GetRequiredService<InferenceLimits>())
        .AddSingleton<IAnswerObserver>(provider => provider.GetRequiredService<InferenceLimits>());
}
