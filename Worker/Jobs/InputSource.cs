using System.IO.Pipelines;
using Platform.Core.Jobs;
using Platform.Core.Models;
using Platform.SharedState.Artifacts;
using Platform.SharedState.Jobs;

namespace Platform.Worker.Jobs;

/// <summary>A job's rows, wherever they lie, as one stream.</summary>
internal sealed class InputSource(JobFiles files, JobInputStore inputs, ArtifactStore artifacts)
{
    /// <summary>Whether the stream can begin anywhere without reading all that lies before.</summary>
    public bool CanSeek(WorkOrder order) => order.Source is null && files.CanSeek;

    public async Task<Stream> OpenAsync(WorkOrder order, CancellationToken cancellation) => order.Source is { } source
        ? OpenArtifact(source, cancellation)
        : new SegmentStream(files, await inputs.SegmentsAsync(order.Id));

    /// <summary>Datasets are of formats that are read from beginning to end, so that they need not be copied.</summary>
    private Stream OpenArtifact(ArtifactInfo source, CancellationToken cancellation)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1 << 20, resumeWriterThreshold: 1 << 19));
        _ = CopyAsync(source, pipe.Writer, cancellation);
        return pipe.Reader.AsStream();
    }

    private async Task CopyAsync(ArtifactInfo source, PipeWriter writer, CancellationToken cancellation)
    {
        try
        {
            await artifacts.CopyToAsync(source, writer.AsStream(leaveOpen: true), cancellation);
            await writer.CompleteAsync();
        }
        catch (Exception e)
        {
            // Whoever reads is told what it was.
            await writer.CompleteAsync(e);
        }
    }
}
