using Microsoft.Extensions.Options;
using Platform.Core.Jobs;
using Platform.Worker.Serving;

namespace Platform.Worker.Jobs;

/// <summary>Has jobs give way while requests come: one small run at a time, and a rest after each.</summary>
internal sealed class JobPace(WorkerState state, IOptions<JobWorkOptions> options, TimeProvider clock) : IDisposable
{
    private readonly LivePace policy = new(options.Value.QuietAfter, options.Value.LiveShare, options.Value.LiveRun, options.Value.LongestRest);
    private readonly SemaphoreSlim turn = new(1);

    public bool IsLive => policy.IsLive(state.SinceRequest);

    public int RowsOfRun(TimeSpan perRow, int batchSize) => IsLive ? policy.RowsWhileLive(perRow, batchSize) : batchSize;

    /// <summary>Does a stretch of work; while requests come no two at a time, each followed by a rest.</summary>
    public async Task<T> WorkAsync<T>(Func<Task<T>> work, CancellationToken cancellation)
    {
        if (!IsLive) return await work();
        await turn.WaitAsync(cancellation);
        try
        {
            var began = clock.GetTimestamp();
            var result = await work();
            await RestAsync(clock.GetElapsedTime(began), cancellation);
            return result;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Rests for what was worked, if requests come.</summary>
    public Task RestAsync(TimeSpan worked, CancellationToken cancellation) =>
        IsLive ? Task.Delay(policy.RestAfter(worked), clock, cancellation) : Task.CompletedTask;

    /// <summary>Rests now and then on the way through a long piece of work.</summary>
    public Breather Breathe() => new(this, clock);

    public void Dispose() => turn.Dispose();

    internal sealed class Breather(JobPace pace, TimeProvider clock)
    {
        /// <summary>Asking for the time costs more than reading a small row.</summary>
        private const int Rows = 16;
        private long began = clock.GetTimestamp();
        private int rows;

        public ValueTask AfterRowAsync(CancellationToken cancellation) => ++rows % Rows == 0 ? RestAsync(cancellation) : default;

        private async ValueTask RestAsync(CancellationToken cancellation)
        {
            await pace.RestAsync(clock.GetElapsedTime(began), cancellation);
            began = clock.GetTimestamp();
        }
    }
}
