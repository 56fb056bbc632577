using Microsoft.Extensions.Options;
using Platform.Core.Models;
using Platform.Core.Results;
using Platform.SharedState.Artifacts;
using Platform.Worker.Onnx;
using Platform.Worker.Probing;

namespace Platform.Worker.Inspection;

/// <summary>Says what an upload is, or why it cannot be served. One at a time, so that their memory does not add up.</summary>
internal sealed class Inspector(ArtifactStore artifacts, ProbeProcess probe, IOptions<ProbeOptions> options) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);

    public async Task<Outcome<ModelSignature>> InspectAsync(string stagingId, CancellationToken cancellation)
    {
        if (!await turn.WaitAsync(options.Value.Timeout, cancellation))
            return new Refusal(RefusalReason.Unavailable, "Other uploads are being inspected. Try again in a while.");
        try
        {
            var bytes = await artifacts.ReadStagedAsync(stagingId, cancellation);
            // What can be told from the bytes needs no process.
            OnnxFile.Read(bytes);
            return await probe.InspectAsync(bytes, cancellation);
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
}
