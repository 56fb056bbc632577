using System.Threading.Channels;
using Microsoft.Extensions.Options;
using Platform.Api.Serving;
using Platform.Core.Routing;
using Platform.Core.Serving;
using Platform.SharedState.Plans;

namespace Platform.Api.Rollouts;

/// <summary>A copy of an answered request on its way to the shadow version.</summary>
internal sealed record MirroredCall(InferenceCall Call, PlacedVersion Shadow, InferenceAnswer Answer);

/// <summary>
/// Copies answered requests for a shadow version. It only ever puts a copy into a bounded queue or drops it, so that
/// callers neither wait for the shadow nor hear of its failures.
/// </summary>
internal sealed class ShadowMirror : IAnswerObserver
{
    private readonly PlanFollower plans;
    private readonly ShadowTally tally;
    private readonly Channel<MirroredCall> waiting;
    private readonly long maxBytes;
    private long bytes;

    public ShadowMirror(PlanFollower plans, ShadowTally tally, IOptions<ShadowOptions> options)
    {
        (this.plans, this.tally, maxBytes) = (plans, tally, options.Value.MaxWaitingBytes);
        waiting = Channel.CreateBounded<MirroredCall>(new BoundedChannelOptions(options.Value.MaxWaiting) { FullMode = BoundedChannelFullMode.Wait });
    }

    public void Answered(InferenceCall call, PlacedVersion? version, string route, InferenceAnswer? answer, TimeSpan elapsed)
    {
        if (answer is not { Status: 200 } || call.Version is not null || route != PlannedRoute.Stable) return;
        if (!plans.Plans.TryGetValue(call.Model, out var plan) || plan.Shadow is not { } shadow || plan.Find(shadow.Version) is not { } placed) return;
        if (Random.Shared.Next(SlotTable.Slots) >= shadow.SampleBasisPoints) return;
        var size = call.Body.Length;
        if (Interlocked.Add(ref bytes, size) <= maxBytes)
        {
            // The body is the reader's, and gone when the caller has its answer.
            var copy = call with { Body = call.Body.ToArray(), Version = placed.Version, Header = _ => null };
            if (waiting.Writer.TryWrite(new MirroredCall(copy, placed, answer))) return;
        }

        Interlocked.Add(ref bytes, -size);
        tally.Dropped(call.Model, placed.Version);
    }

    public async IAsyncEnumerable<MirroredCall> TakeAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var mirrored in waiting.Reader.ReadAllAsync(cancellation))
        {
            Interlocked.Add(ref bytes, -mirrored.Call.Body.Length);
            yield return mirrored;
        }
    }
}
