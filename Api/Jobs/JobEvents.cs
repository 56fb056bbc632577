using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using Platform.Api.Access;
using Platform.Contracts.Jobs;

namespace Platform.Api.Jobs;

/// <summary>How a job gets on, as it does; the stream ends with the job.</summary>
internal static class JobEvents
{
    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(500);

    [ChecksModels]
    public static async Task<IResult> Stream(string id, IClusterClient cluster, ClaimsPrincipal user, TimeProvider clock, HttpContext context)
    {
        var (job, refused) = await JobAccess.FindAsync(cluster, user, id);
        return job is null ? refused! : TypedResults.ServerSentEvents(FollowAsync(job, clock, context.RequestAborted));
    }

    private static async IAsyncEnumerable<SseItem<JobResponse>> FollowAsync(
        FoundJob job, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancellation)
    {
        JobResponse? told = null;
        for (var view = job.View; ; view = await job.Grain.GetAsync() ?? view)
        {
            var now = JobResponse.Of(view);
            // Of what only time changes alone nobody is told.
            if (told is null || now with { Eta = told.Eta, RowsPerSecond = told.RowsPerSecond } != told)
            {
                yield return new(now, view.Job.HasEnded ? "end" : "progress");
                told = now;
            }

            if (view.Job.HasEnded) yield break;
            await Task.Delay(PollPeriod, clock, cancellation);
        }
    }
}
