using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Options;
using Platform.Core.Jobs;
using Platform.Core.Results;
using Platform.SharedState.Jobs;

namespace Platform.Api.Jobs;

/// <param name="ReceivedBytes">Where the upload goes on.</param>
internal sealed record Uploaded(long ReceivedBytes, bool Complete);

/// <summary>
/// Streams a job's rows into the store, encrypted, a segment at a time: what came before a connection broke stays, and the
/// upload goes on from there.
/// </summary>
internal sealed class JobUpload(JobFiles files, JobInputStore inputs, IOptions<JobUploadOptions> options)
{
    /// <summary>Bytes that an input may have.</summary>
    public long MaxBytes => options.Value.MaxInputBytes;

    /// <param name="announced">Bytes that the body is to have; null when that was not said.</param>
    /// <param name="range">Which part of the input it is; null for all of it, from the beginning.</param>
    public async Task<Outcome<Uploaded>> ReceiveAsync(string job, Stream body, long? announced, InputRange? range, CancellationToken cancellation)
    {
        var total = range is null ? announced : Math.Max(range.Last + 1, range.Total ?? 0);
        if (total > MaxBytes) return TooLarge($"It would be {total} bytes.");
        var before = range is null ? await inputs.SegmentsAsync(job) : [];
        var (turn, refusal, offset) = await inputs.BeginAsync(job, range?.First);
        if (turn is null) return refusal is TurnRefusal.Complete ? Complete(job) : WrongOffset(job, offset);
        foreach (var segment in before) await files.DeleteAsync(segment.File, cancellation);

        var received = await ReceiveAsync(turn, body, range is null ? MaxBytes + 1 : range.Last + 1, cancellation);
        if (!received.Succeeded(out var uploaded, out var lost)) return lost;
        if (uploaded.ReceivedBytes > MaxBytes)
        {
            await DiscardAsync(job, cancellation);
            return TooLarge("It goes on beyond that, so nothing of it was kept.");
        }

        if (range is not null && uploaded.ReceivedBytes != range.Last + 1)
            return Refusal.Invalid("Content-Range", $"It promises bytes up to {range.Last}, but they end at {uploaded.ReceivedBytes - 1}. Go on from {uploaded.ReceivedBytes}.");
        if (uploaded.ReceivedBytes == 0) return Refusal.Invalid("body", "Send the rows as the body.");
        if (range is { IsLast: false }) return uploaded;
        return await inputs.CompleteAsync(turn) ? uploaded with { Complete = true } : Taken(job);
    }

    private async Task<Outcome<Uploaded>> ReceiveAsync(UploadTurn turn, Stream body, long end, CancellationToken cancellation)
    {
        var at = turn.Offset;
        while (at < end)
        {
            var source = new SegmentSource(body, Math.Min(options.Value.SegmentBytes, end - at), cancellation);
            var file = JobFiles.NewSegment(turn.Job, at);
            await files.WriteAsync(file, source, CancellationToken.None);
            if (source.Taken == 0 || !await inputs.AppendAsync(turn, new JobSegment(at, source.Taken, file)))
            {
                await files.DeleteAsync(file, CancellationToken.None);
                if (source.Taken > 0) return Taken(turn.Job);
            }

            at += source.Taken;
            if (source.Break is { } broken) ExceptionDispatchInfo.Throw(broken);
            if (source.SawEnd) break;
        }

        return new Uploaded(at, Complete: false);
    }

    private async Task DiscardAsync(string job, CancellationToken cancellation)
    {
        var segments = await inputs.SegmentsAsync(job);
        await inputs.BeginAsync(job, null);
        foreach (var segment in segments) await files.DeleteAsync(segment.File, cancellation);
    }

    private Refusal TooLarge(string why) => new(RefusalReason.TooLarge, $"An input may have at most {MaxBytes} bytes (Jobs:MaxInputBytes). {why}");

    private static Refusal Complete(string job) => Refusal.Conflict($"All rows of job {job} are here already.");

    private static Refusal Taken(string job) => Refusal.Conflict($"Another upload for job {job} has begun since. GET …/input says how far it is.");

    private static Refusal WrongOffset(string job, long offset) =>
        Refusal.Conflict($"Job {job} has {offset} bytes. Go on from there: Content-Range: bytes {offset}-<last>/<total>.");
}
