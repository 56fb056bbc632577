using Microsoft.Extensions.Options;
using Platform.Core.Quality;
using Platform.ServiceDefaults.Access;
using Platform.SharedState.Quality;

namespace Platform.Api.Feedback;

/// <summary>Writes waiting predictions to Redis. While Redis is away they wait; when there is no more room they are only counted.</summary>
internal sealed class PredictionWriter(
    PredictionBuffer buffer,
    PredictionStore predictions,
    QualityStore quality,
    FeedbackStore feedback,
    IOptions<FeedbackOptions> options,
    IOptions<InternalAccessOptions> access,
    TimeProvider clock,
    ILogger<PredictionWriter> logger) : BackgroundWriter("Predictions", options.Value.FlushPeriod, clock, logger)
{
    private readonly SemaphoreSlim turn = new(1);
    private readonly string process = Guid.NewGuid().ToString("n");
    private PredictionBatch? unfinished;
    private long batches;

    public override async Task FlushAsync()
    {
        await turn.WaitAsync();
        try
        {
            // What comes meanwhile waits for the next flush: one by one it would cost many times as much.
            var left = buffer.Waiting;
            while ((unfinished ??= NextBatch(ref left)) is { } batch)
            {
                await WriteAsync(batch);
                unfinished = null;
                if (left == 0) return;
            }
        }
        finally
        {
            turn.Release();
        }
    }

    public override void Dispose()
    {
        turn.Dispose();
        base.Dispose();
    }

    /// <param name="left">How many it may take at most; it is reduced by those that it took.</param>
    private PredictionBatch? NextBatch(ref int left)
    {
        var batch = new PredictionBatch($"{process}:{++batches}");
        var taken = Math.Min(left, options.Value.MaxFlush);
        left -= taken;
        for (; taken > 0 && buffer.TryTake(out var waiting); taken--) batch.Add(waiting, access.Value.InternalKey);
        batch.Add(buffer.TakeDropped());
        return batch.IsEmpty ? null : batch;
    }

    private async Task WriteAsync(PredictionBatch batch)
    {
        // Counts first: a process that dies in between leaves predictions without labels, never labels without predictions.
        await Task.WhenAll(batch.Counts.Select((entry, i) => quality.AddAsync(
            $"{batch.Id}:{i}", entry.Key.Model, entry.Key.Version, entry.Key.Route, entry.Key.Start, entry.Value)));
        var isFirstTry = !batch.HasBegun;
        batch.HasBegun = true;
        var repeated = await predictions.SaveAsync(batch.Kept);
        if (isFirstTry && repeated.Count > 0) await CountRepeatedAsync(batch, repeated);
        if (batch.Kept.Count > 0) await feedback.JoinHeldAsync(batch.Ids);
    }

    private Task CountRepeatedAsync(PredictionBatch batch, IReadOnlyList<Prediction> repeated) => Task.WhenAll(repeated.Select((prediction, i) =>
    {
        buffer.CountRepeated(prediction);
        var counts = new QualityCounts();
        counts.Add(CounterNames.NotKept, prediction.Answer.Items.Length);
        return quality.AddAsync($"{batch.Id}:r{i}", prediction.Model, prediction.Version, prediction.Route, prediction.At, counts);
    }));
}
