using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Platform.Api.Workers;
using Platform.Core.Protection;
using Platform.Core.Resilience;
using Platform.Core.Serving;
using Platform.SharedState.Frames;

namespace Platform.Api.Serving;

/// <summary>
/// Takes a request to a worker that has the version ready, unparsed. A connection that is refused or breaks is tried
/// again on another worker while the deadline allows, since an inference changes nothing; so is, where the deployment
/// says so, one that is late.
/// </summary>
internal sealed partial class Dispatcher(
    WorkerPicker picker, FrameClient workers, Quarantine quarantine, InferenceMetrics metrics, IOptions<InferenceOptions> options, TimeProvider clock, ILogger<Dispatcher> logger)
{
    /// <param name="deadline">Cancelled when the time is up, or the caller gone.</param>
    /// <param name="caller">Cancelled when the caller is gone.</param>
    public async Task<InferenceAnswer> AskAsync(
        InferenceCall call, PlacedVersion placed, string route, CancellationToken deadline, CancellationToken caller)
    {
        if (quarantine.Find(call, placed) is { } held) return Quarantined(held);
        var target = picker.Of(call.Model, placed);
        if (!target.Guard.TryEnter(out var isProbe)) return CircuitOpen(call, placed, target.Guard.OpenFor);
        var result = BreakerResult.Failed;
        try
        {
            target.EarnHedge();
            var answer = await (placed.Config.Hedge is { } hedge
                ? AskTwoAsync(call, target, route, hedge.After, deadline, caller)
                : AskOneAsync(call, target, route, new Tried(), new(deadline, deadline, caller)));
            result = Judge(answer.Status);
            return answer;
        }
        catch (OperationCanceledException) when (caller.IsCancellationRequested)
        {
            result = BreakerResult.Nothing;
            throw;
        }
        finally
        {
            if (target.Guard.Record(result, isProbe)) LogOpened(call.Model, placed.Version);
        }
    }

    /// <summary>One worker after another until one answers.</summary>
    private async Task<InferenceAnswer> AskOneAsync(
        InferenceCall call, VersionTarget target, string route, Tried tried, Patience patience)
    {
        var version = target.Version.Version;
        var (isFull, isMisled) = (false, false);
        using var suspicion = new Suspicion(quarantine, call, target.Version);
        for (var attempt = 0; attempt < options.Value.MaxAttempts && await PickAsync(target, tried, isMisled, patience.All) is { } pick; attempt++)
        {
            if (attempt > 0) metrics.Retried(call.Model, version);
            tried.Add(pick.Worker.Id);
            var (result, failed) = (BreakerResult.Nothing, false);
            try
            {
                var answer = await workers.AskAsync(pick.Worker.Address, Frames.Of(call, target.Version, route), call.Body, patience.All);
                failed = answer.Answer.Status >= StatusCodes.Status500InternalServerError;
                isMisled = MeansElsewhere(answer.Answer.Status);
                if (isMisled) continue;
                result = BreakerResult.Succeeded;
                suspicion.Answered();
                return Frames.ToAnswer(answer, version, route, pick.Worker.Id);
            }
            catch (FramePoolFullException)
            {
                isFull = true;
            }
            catch (FrameException e)
            {
                (result, failed, isMisled) = (BreakerResult.Broken, true, true);
                LogBroken(pick.Worker.Id, e.Message);
                if (e is not FrameBrokenException) tried.AddUnreached(pick.Worker.Id);
                // A worker that went down over this very request must not be followed by all the others.
                if (e is FrameBrokenException && await suspicion.BrokeAsync(pick.Worker.Id, patience.All) is { } held) return Quarantined(held);
            }
            catch (OperationCanceledException) when (patience.IsOver)
            {
                (result, failed) = (BreakerResult.Failed, true);
                throw;
            }
            finally
            {
                if (pick.End(result, failed)) LogPassedBy(pick.Worker.Id);
            }
        }

        return isFull ? Full(call, version) : NoWorker(call, version);
    }

    /// <summary>A worker that was not asked yet. Where none is known, or the last one was gone or on its way out, another may have come since.</summary>
    private async ValueTask<Pick?> PickAsync(VersionTarget target, Tried tried, bool isMisled, CancellationToken cancellation)
    {
        if (picker.TryPick(target, tried.Workers) is { } pick) return pick;
        if (!isMisled && !tried.Workers.IsEmpty) return null;
        // One that could not be reached in time may only be busy, as a new one on a full machine is.
        return await picker.LookAgainAsync(target, tried.Workers, cancellation) ?? picker.TryPick(target, tried.Reached);
    }

    /// <summary>A second worker is asked when the first is late; the first good answer counts, and the other is given up.</summary>
    private async Task<InferenceAnswer> AskTwoAsync(
        InferenceCall call, VersionTarget target, string route, TimeSpan after, CancellationToken deadline, CancellationToken caller)
    {
        var tried = new Tried();
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(deadline);
        using var ahead = CancellationTokenSource.CreateLinkedTokenSource(deadline);
        var first = AskOneAsync(call, target, route, tried, new(ahead.Token, deadline, caller));
        await Task.WhenAny(first, Task.Delay(after, clock, giveUp.Token));
        if (first.IsCompleted || deadline.IsCancellationRequested || !target.TrySpendHedge())
        {
            await giveUp.CancelAsync();
            return await first;
        }

        metrics.Hedged(call.Model, target.Version.Version);
        var second = AskOneAsync(call, target, route, tried, new(giveUp.Token, deadline, caller));
        var winner = await Task.WhenAny(first, second);
        if (!winner.IsCompletedSuccessfully || (await winner).Status >= StatusCodes.Status500InternalServerError) winner = winner == first ? second : first;
        try
        {
            return await winner;
        }
        finally
        {
            // The body is not ours: it may be used for another request once we return, so the loser must be off it.
            await ahead.CancelAsync();
            await giveUp.CancelAsync();
            await Task.WhenAll((Task)first, second).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What an answer says of the version: overload and full queues are no fault of it.</summary>
    private static BreakerResult Judge(int status) => status switch
    {
        StatusCodes.Status500InternalServerError => BreakerResult.Failed,
        StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable or StatusCodes.Status504GatewayTimeout => BreakerResult.Nothing,
        _ => BreakerResult.Succeeded,
    };

    /// <summary>Neither says anything of the request, only of the worker: it has not loaded the version, or it is stopping.</summary>
    private static bool MeansElsewhere(int status) =>
        status is StatusCodes.Status421MisdirectedRequest or StatusCodes.Status503ServiceUnavailable;

    private static InferenceAnswer NoWorker(InferenceCall call, string version) => InferenceAnswer.Refused(
        503, $"Request for '{call.Model}' version {version} is not at ready state: no worker can serve it just now. Try again.");

    private static InferenceAnswer Full(InferenceCall call, string version) => InferenceAnswer.Refused(
        429, $"Exceeds maximum queue size: as many requests for '{call.Model}' version {version} are outstanding as a front door may have. Try again.");

    private static InferenceAnswer Quarantined(QuarantinedRequest held) => InferenceAnswer.Refused(
        422, $"Request is in quarantine until {held.Until:u}: {held.Crashes} workers went down while they ran it. "
            + $"Change its inputs, or have an administrator lift the quarantine: DELETE /v1/quarantine/{held.Digest}");

    private static InferenceAnswer CircuitOpen(InferenceCall call, PlacedVersion placed, TimeSpan time) => InferenceAnswer.Refused(
        503, $"Request for '{call.Model}' version {placed.Version} is not at ready state: it kept failing and is left alone for {Math.Ceiling(time.TotalSeconds)} s. Try again then.");

    [LoggerMessage(LogLevel.Warning, "{Model} {Version} keeps failing; requests for it are refused or answered by its fallback until a probe succeeds.")]
    private partial void LogOpened(string model, string version);

    [LoggerMessage(LogLevel.Debug, "A request to worker {Worker} broke off: {Reason}")]
    private partial void LogBroken(string worker, string reason);

    [LoggerMessage(LogLevel.Warning, "Worker {Worker} does not answer; it is passed by until a probe succeeds.")]
    private partial void LogPassedBy(string worker);

    /// <param name="All">Ends the try, for whatever reason.</param>
    private readonly record struct Patience(CancellationToken All, CancellationToken Deadline, CancellationToken Caller)
    {
        /// <summary>The time is up and the caller still there: the worker is to blame.</summary>
        public bool IsOver => Deadline.IsCancellationRequested && !Caller.IsCancellationRequested;
    }

    /// <summary>Whom one request has been taken to, by whichever of its tries.</summary>
    private sealed class Tried
    {
        private ImmutableArray<string> workers = [];
        private ImmutableArray<string> unreached = [];

        public ImmutableArray<string> Workers => workers;

        /// <summary>Those of them that took the request.</summary>
        public ImmutableArray<string> Reached => [.. workers.Except(unreached)];

        public void AddUnreached(string worker) => ImmutableInterlocked.Update(ref unreached, static (all, one) => all.Add(one), worker);

        public void Add(string worker) => ImmutableInterlocked.Update(ref workers, static (all, one) => all.Add(one), worker);
    }
}
