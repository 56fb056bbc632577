using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Platform.Api.Conventions;
using Platform.Contracts.Rollouts;
using Platform.Core.Rollouts;

namespace Platform.Api.Rollouts;

/// <summary>A rollout's changes as they come, the past ones first; the stream ends with the rollout.</summary>
internal static class RolloutEvents
{
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(250);

    public static async Task<IResult> Stream(
        string model, string id, IClusterClient cluster, TimeProvider clock, HttpContext context)
    {
        if (RolloutEndpoints.Find(cluster, model, id) is not { } grain || await grain.GetAsync() is not { } first)
            return RolloutEndpoints.Unknown(model, id).ToResult();
        var seen = int.TryParse(context.Request.Headers["Last-Event-ID"], out var last) ? last + 1 : 0;
        return TypedResults.ServerSentEvents(FollowAsync(grain, first, Math.Max(0, seen), clock, context.RequestAborted));
    }

    private static async IAsyncEnumerable<SseItem<RolloutEvent>> FollowAsync(
        IRolloutGrain grain, RolloutView view, int next, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            for (; next < view.Rollout.Timeline.Length; next++)
                yield return new(view.Rollout.Timeline[next], "change") { EventId = next.ToString(System.Globalization.CultureInfo.InvariantCulture) };
            if (view.Rollout.IsOver) yield break;
            await Task.Delay(PollPeriod, clock, cancellation);
            view = await grain.GetAsync() ?? view;
        }
    }
}
