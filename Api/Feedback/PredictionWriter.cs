using Microsoft.Extensions.Options;
using Platform.Core.Quality;
using Platform.ServiceDefaults.Access;
using Platform.SharedState;
using Platform.SharedState.Quality;

namespace Platform.Api.Feedback;

/// <summary>Writes waiting predictions to Redis. While Redis is away they wait; when there is no more room they are only counted.</summary>
internal sealed partial class PredictionWriter(
    PredictionBuffer buffer,
    PredictionStore predictions,
    QualityStore quality,
    FeedbackStore feedback,
    IOptions<FeedbackOptions> options,
    IOptions<InternalAccessOptions> access,
    TimeProvider clock,
    ILogger<PredictionWriter> logger) : BackgroundService
{
    private readonly SemaphoreSlim turn = new(1);
    private readonly string process = Guid.NewGuid().ToString("n");
    private PredictionBatch? unfinished;
    private long batches;
    private bool isLost;

    /// <summary>Writes all that waits now.</summary>
    /// <exception cref="Exception">One that <see cref="RedisFault"/> knows: nothing is lost, the next call goes on.</exception>
    public async Task FlushAsync()
    {
        await turn.WaitAsync();
        try
        {
            while ((unfinished ??= NextBatch()) is { } batch)
            {
                await WriteAsync(batch);
                unfinished = null;
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

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.FlushPeriod, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await TryFlushAsync();
        }
        catch (OperationCanceledException)
        {
            // What was answered until now is still to be written.
            await TryFlushAsync();
        }
    }

    private async Task TryFlushAsync()
    {
        try
        {
            await FlushAsync();
            if (isLost) LogWritten();
            isLost = false;
        }
        catch (Exception e) when (RedisFault.Is(e))
        {
            // Said once; the next success says that it is over.
            if (!isLost) LogNotWritten(RedisFault.Describe(e));
            isLost = true;
        }
    }

    private PredictionBatch? NextBatch()
    {
        var batch = new PredictionBatch($"{process}:{++batches}");
        for (var i = 0; i < options.Value.MaxFlush && buffer.TryTake(out var waiting); i++) batch.Add(waiting, access.Value.InternalKey);
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

    [LoggerMessage(LogLevel.Warning, "Predictions could not be written to Redis ({Reason}); they wait in memory.")]
    private partial void LogNotWritten(string reason);

    [LoggerMessage(LogLevel.Information, "Predictions are written again.")]
    private partial void LogWritten();
}
