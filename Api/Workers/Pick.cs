using Platform.Core.Resilience;

namespace Platform.Api.Workers;

/// <summary>A worker that is being asked; counts as outstanding until <see cref="End"/>.</summary>
internal readonly struct Pick
{
    private readonly Candidate candidate;
    private readonly TimeProvider clock;
    private readonly long started;
    private readonly bool isProbe;

    public Pick(Candidate candidate, TimeProvider clock)
    {
        (this.candidate, this.clock, started) = (candidate, clock, clock.GetTimestamp());
        Worker.Begin();
        Worker.Guard.TryEnter(out isProbe);
    }

    public KnownWorker Worker => candidate.Worker;

    /// <param name="result">What it says of the worker.</param>
    /// <param name="failed">Whether the request failed on its side.</param>
    /// <returns>Whether the worker is passed by from now on.</returns>
    public bool End(BreakerResult result, bool failed)
    {
        Worker.End();
        if (result is not BreakerResult.Nothing) candidate.Count(clock.GetElapsedTime(started), failed);
        return Worker.Guard.Record(result, isProbe);
    }
}
