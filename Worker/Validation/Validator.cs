using Microsoft.Extensions.Options;
using Platform.Core.Models.Validations;
using Platform.SharedState.Artifacts;
using Platform.Worker.Onnx;

namespace Platform.Worker.Validation;

/// <summary>Measures one version at a time, on a thread of its own and with a session of its own, beside what is served.</summary>
internal sealed class Validator(ArtifactStore artifacts, Devices devices, IOptions<ValidationOptions> options, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private int waiting;

    /// <summary>Takes a place in the queue; false when it is full. A success needs one <see cref="MeasureAsync"/>.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref waiting) <= options.Value.MaxWaiting) return true;
        Interlocked.Decrement(ref waiting);
        return false;
    }

    /// <exception cref="InvalidDataException">A stored file is not what was uploaded; that says nothing of the version.</exception>
    /// <exception cref="FileNotFoundException">A stored file is gone.</exception>
    public async Task<Measurement> MeasureAsync(MeasurementRequest request, CancellationToken cancellation)
    {
        try
        {
            await turn.WaitAsync(cancellation);
            try
            {
                return await MeasureInTurnAsync(request, cancellation);
            }
            finally
            {
                turn.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task<Measurement> MeasureInTurnAsync(MeasurementRequest request, CancellationToken cancellation)
    {
        var model = await artifacts.ReadAsync(request.Version.Artifact, cancellation);
        var content = request.Dataset is { } dataset ? await artifacts.ReadAsync(dataset.Content, cancellation) : null;
        var labels = request.Dataset?.Labels is { } artifact ? await artifacts.ReadAsync(artifact, cancellation) : null;
        using var limit = new CancellationTokenSource(options.Value.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        var sheet = new CheckSheet(clock, either.Token);
        var measuring = new VersionMeasuring(request, devices, sheet, options.Value, clock);
        try
        {
            // A model keeps a core busy for as long as it takes; a thread of the pool would be missed there.
            await Task.Factory.StartNew(
                () => measuring.Run(model, content, labels, either.Token),
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            sheet.Fail("time_limit", $"It was not measured within {options.Value.Timeout}.");
        }

        return sheet.ToMeasurement();
    }
}
