using Microsoft.Extensions.Options;
using Platform.Core.Models;
using Platform.Core.Results;
using Platform.SharedState.Artifacts;
using Platform.Worker.Onnx;

namespace Platform.Worker.Inspection;

/// <summary>Says what an upload is, or why it cannot be served. One at a time, so that their memory does not add up.</summary>
internal sealed class Inspector(ArtifactStore artifacts, IOptions<InspectionOptions> options, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);

    public async Task<Outcome<ModelSignature>> InspectAsync(string stagingId, CancellationToken cancellation)
    {
        var limit = options.Value.Timeout;
        if (!await turn.WaitAsync(limit, cancellation))
            return new Refusal(RefusalReason.Unavailable, "Other uploads are being inspected. Try again in a while.");
        try
        {
            var bytes = await artifacts.ReadStagedAsync(stagingId, cancellation);
            return await ReadAsync(bytes, limit, cancellation);
        }
        catch (FileNotFoundException)
        {
            return Refusal.NotFound($"There is no staged upload '{stagingId}'.");
        }
        catch (Exception e) when (e is UnusableModelException or ArtifactTooLargeException)
        {
            return Refusal.CheckFailed(e.Message);
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task<ModelSignature> ReadAsync(byte[] bytes, TimeSpan limit, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            return await Task.Factory.StartNew(
                () => OnnxInspector.Read(bytes, either.Token),
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default);
        }
        catch (UnusableModelException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (UnusableModelException e) when (timeout.IsCancellationRequested)
        {
            throw new UnusableModelException($"Building the model's graph took longer than {limit.TotalSeconds} s.", e);
        }
    }
}
