using Microsoft.Extensions.Options;
using Platform.Core.Jobs;
using Platform.Worker.Serving;

namespace Platform.Worker.Jobs;

/// <summary>Has jobs give way while requests come: one small piece of work at a time, in the gaps between them.</summary>
internal sealed class JobPace(WorkerState state, IOptions<JobWorkOptions> options, TimeProvider clock) : IDisposable
{
    private readonly LivePace policy = new(
        options.Value.QuietAfter, options.Value.LiveGap, options.Value.GapShare, options.Value.BusyShare, options.Value.LiveRun, options.Value.LongestRest);

    private readonly SemaphoreSlim turns = new(1);
    private TimeSpan worked;
    private long ended;

    public bool IsLive => policy.IsLive(state.SinceRequest);

    public int RowsOfRun(TimeSpan perRow, int batchSize) => IsLive ? policy.RowsWhileLive(perRow, batchSize) : batchSize;

    /// <summary>Waits until a piece of work may begin. Without requests that is at once, and for any number of them.</summary>
    public async ValueTask<Turn> BeginAsync(CancellationToken cancellation)
    {
        if (!IsLive) return default;
        await turns.WaitAsync(cancellation);
        try
        {
            while (policy.WaitBefore(state.SinceRequest, clock.GetElapsedTime(ended), worked) is var wait && wait > TimeSpan.Zero)
                await Task.Delay(wait, clock, cancellation);
            return new Turn(this, clock.GetTimestamp());
        }
        catch
        {
            turns.Release();
            throw;
        }
    }

    /// <summary>For work that goes through many rows.</summary>
    public Breather Breathe() => new(this);

    public void Dispose() => turns.Dispose();

    private void End(long began)
    {
        worked = clock.GetElapsedTime(began);
        ended = clock.GetTimestamp();
        turns.Release();
    }

    /// <summary>The right to work while requests come; of none it is nobody's to give back.</summary>
    internal readonly struct Turn(JobPace pace, long began) : IDisposable
    {
        public void Dispose() => pace?.End(began);
    }

    /// <summary>Takes a turn for some rows, gives it back, and takes the next.</summary>
    internal sealed class Breather(JobPace pace) : IDisposable
    {
        /// <summary>Asking costs more than reading a small row.</summary>
        private const int Rows = 16;
        private Turn turn;
        private int rows;

        public ValueTask BeforeRowAsync(CancellationToken cancellation) => rows++ % Rows == 0 ? NextAsync(cancellation) : default;

        public void Dispose() => Release();

        private async ValueTask NextAsync(CancellationToken cancellation)
        {
            Release();
            turn = await pace.BeginAsync(cancellation);
        }

        private void Release()
        {
            var held = turn;
            turn = default;
            held.Dispose();
        }
    }
}
