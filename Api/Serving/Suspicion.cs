using Platform.Core.Protection;
using Platform.Core.Serving;

namespace Platform.Api.Serving;

/// <summary>
/// One request, from when it is first taken to a worker. When that worker goes down it may have been this request or
/// another one it ran: from then on those suspected are taken to workers one at a time, so that the next worker to go down
/// tells which it was.
/// </summary>
internal sealed class Suspicion(Quarantine quarantine, InferenceCall call, PlacedVersion placed) : IDisposable
{
    private SemaphoreSlim? turn;

    /// <summary>Null when it may be taken to another worker now.</summary>
    public async Task<QuarantinedRequest?> BrokeAsync(string worker, CancellationToken cancellation)
    {
        if (await quarantine.MarkAsync(call, placed, worker) is { } held) return held;
        if (turn is not null) return null;
        var next = quarantine.TurnOf(call.Model);
        await next.WaitAsync(cancellation);
        turn = next;
        return null;
    }

    public void Answered() => quarantine.Answered(call, placed);

    public void Dispose() => turn?.Release();
}
